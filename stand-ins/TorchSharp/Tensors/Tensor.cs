using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>An n-dimensional array of one element type. The object owns one reference to the native tensor until it is disposed.</summary>
    public partial class Tensor : IDisposable
    {
        private static long totalCount, peakCount;
        private nint handle;
        private long pressure;

        internal Tensor(nint handle) : this(handle, handle == 0 ? 0 : Shim.shim_own_bytes(handle)) { }

        internal Tensor(nint handle, long ownBytes)
        {
            this.handle = handle;
            var live = Interlocked.Increment(ref totalCount);
            if (live > Volatile.Read(ref peakCount)) Volatile.Write(ref peakCount, live);
            // The collector sees only this small object; tell it what hangs on it.
            pressure = ownBytes;
            if (pressure > 0) GC.AddMemoryPressure(pressure);
            OwningDisposeScope = DisposeScopeManager.OfThread.Created(this);
        }

        ~Tensor() => Dispose(false);

        /// <summary>Tensors alive in the process.</summary>
        public static long TotalCount => Interlocked.Read(ref totalCount);
        /// <summary>The most that were ever alive at one time.</summary>
        public static long PeakCount => Interlocked.Read(ref peakCount);

        internal DisposeScope? OwningDisposeScope { get; set; }

        public IntPtr Handle => handle != 0 ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");
        public bool IsInvalid => handle == 0;

        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        /// <summary>Gives the native reference away; this object is empty from then on.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            GC.SuppressFinalize(this);
            if (OwningDisposeScope is { } scope) scope.MarkAsDisposed(this);
            else DisposeScopeManager.Statistics.TensorStatistics.DisposedOutsideScopeCount++;
            return TakeHandle();
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            // The finaliser has a thread of its own, whose scopes have nothing to do with this tensor.
            if (disposing && handle != 0)
            {
                if (OwningDisposeScope is { } scope) scope.MarkAsDisposed(this);
                else DisposeScopeManager.Statistics.TensorStatistics.DisposedOutsideScopeCount++;
            }
            var owned = TakeHandle();
            if (owned != 0) Shim.shim_release(owned);
        }

        private nint TakeHandle()
        {
            var owned = Interlocked.Exchange(ref handle, 0);
            if (owned == 0) return 0;
            Interlocked.Decrement(ref totalCount);
            if (pressure > 0) GC.RemoveMemoryPressure(pressure);
            pressure = 0;
            return owned;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        [Obsolete("Use DetachFromDisposeScope")]
        public Tensor DetatchFromDisposeScope() => DetachFromDisposeScope();

        public Tensor MoveToOuterDisposeScope()
        {
            if (OwningDisposeScope is { } scope) scope.MoveTo(scope.OuterScope, this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } scope) scope.MoveTo(other, this);
            else other?.Attach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        /// <summary>Another object for the same native tensor.</summary>
        public Tensor alias()
        {
            var copy = new Tensor(Shim.shim_alias(Handle));
            GC.KeepAlive(this);
            return copy;
        }

        public bool Equals(Tensor? target) => target is not null && Aten.Bool("equal", this, target);
        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);
        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}

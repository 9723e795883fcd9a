using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// This process among several that train one model together (data parallel, Li et al., "PyTorch Distributed", VLDB 2020): each computes the
/// gradients of its share of every batch, all take the step of the mean. All processes make the same calls in the same order; each call waits
/// for all of them, and fails when one is gone or does not come in time. After a failure the object is good for nothing but
/// <see cref="Dispose"/>. Not for use from several threads. Traffic is neither encrypted nor authenticated: a closed network is needed.
/// </summary>
public sealed class GradientExchange : IDisposable
{
    private const long BucketBytes = 25 << 20;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    private readonly ExchangeLibrary.Group group;
    private readonly TimeSpan timeout;

    private GradientExchange(ExchangeLibrary.Group group, int rank, int worldSize, TimeSpan timeout)
    {
        this.group = group;
        this.timeout = timeout;
        (Rank, WorldSize) = (rank, worldSize);
    }

    /// <summary>This process's number, 0 .. <see cref="WorldSize"/> - 1. Rank 0 writes what is written.</summary>
    public int Rank { get; }

    /// <summary>Processes in all.</summary>
    public int WorldSize { get; }

    /// <summary>Meets the others; returns when all are there.</summary>
    /// <param name="rank">This process's number.</param>
    /// <param name="worldSize">Processes in all, at least 1.</param>
    /// <param name="host">Rank 0's machine, by the name or address under which all the others reach it.</param>
    /// <param name="port">A free port there, on which rank 0 listens; between each two processes the system chooses further ports.</param>
    /// <param name="timeout">How long to wait for the others, here and in every later call; 5 minutes when not given. Rank 0's longest pause - a checkpoint, samples - must fit.</param>
    /// <exception cref="GradientExchangeException">The port is taken, a process did not come, two have the same rank, or they were told of different numbers of processes.</exception>
    public static GradientExchange Connect(int rank, int worldSize, string host, int port, TimeSpan? timeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(worldSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, worldSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        var patience = timeout ?? DefaultTimeout;
        var milliseconds = (int)Math.Clamp(patience.TotalMilliseconds, 1, int.MaxValue);
        empty(0).Dispose(); // loads libtorch as the binding wants it, before the exchange's library would
        try
        {
            var group = ExchangeLibrary.exchange_connect(host, port, AddressTowards(host, port), rank, worldSize, milliseconds, milliseconds);
            if (!group.IsInvalid) return new GradientExchange(group, rank, worldSize, patience);
            throw new GradientExchangeException($"Rank {rank} of {worldSize} could not join the others at {host}:{port} within {patience.TotalSeconds:0.#} s: {ExchangeLibrary.Error}");
        }
        catch (SocketException e)
        {
            throw new GradientExchangeException($"Rank {rank} of {worldSize} cannot find a way to {host}:{port}: {e.Message}", e);
        }
    }

    /// <summary>Every gradient becomes the mean of all processes' gradients; what is equal on all processes before a step then is so after it.</summary>
    /// <param name="parameters">The same, in the same order, on every process; all with a gradient.</param>
    /// <exception cref="GradientExchangeException">A process is gone or did not come in time.</exception>
    public void AverageGradients(IEnumerable<Tensor> parameters)
    {
        using var scope = NewDisposeScope();
        var gradients = parameters.Select((p, i) => p.grad ?? throw new InvalidOperationException($"Parameter {i} has no gradient: backward() comes first."));
        ForBuckets(gradients, flat =>
        {
            var sums = flat.to(ScalarType.Float32);
            Sum(MemoryMarshal.Cast<byte, float>(sums.bytes), "averaging gradients");
            return sums.div_(WorldSize);
        });
    }

    /// <summary>Every tensor becomes rank 0's; parameters and buffers of any type.</summary>
    /// <param name="tensors">The same, in the same order, on every process.</param>
    /// <exception cref="GradientExchangeException">A process is gone or did not come in time.</exception>
    public void BroadcastParameters(IEnumerable<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        ForBuckets(tensors, flat =>
        {
            Broadcast(flat.bytes);
            return flat;
        });
    }

    /// <summary>The values become their sums over all processes.</summary>
    /// <exception cref="GradientExchangeException">A process is gone or did not come in time.</exception>
    public void AllReduce(Span<float> values) => Sum(values, "summing values");

    /// <inheritdoc cref="AllReduce(Span{float})"/>
    public void AllReduce(Span<double> values) => Require(ExchangeLibrary.exchange_sum_doubles(group, values, values.Length), "summing values");

    /// <summary>The bytes become rank 0's.</summary>
    /// <exception cref="GradientExchangeException">A process is gone or did not come in time.</exception>
    public void Broadcast(Span<byte> bytes) => Require(ExchangeLibrary.exchange_broadcast(group, bytes, bytes.Length), "receiving rank 0's values");

    /// <summary>Waits for all.</summary>
    /// <exception cref="GradientExchangeException">A process is gone or did not come in time.</exception>
    public void Barrier() => AllReduce([0.0]);

    /// <summary>[N,...] of every process, rank by rank, as [N * WorldSize,...].</summary>
    internal Tensor Gather(Tensor own)
    {
        using var scope = NewDisposeScope();
        var n = own.shape[0];
        var all = zeros([n * WorldSize, .. own.shape[1..]]);
        all.narrow(0, n * Rank, n).copy_(own);
        AllReduce(MemoryMarshal.Cast<byte, float>(all.bytes)); // the others' parts are 0 here
        return all.to(own.device).MoveToOuterDisposeScope();
    }

    /// <summary>This process's part of what <see cref="Gather"/> gave.</summary>
    internal Tensor Share(Tensor all) => all.narrow(0, all.shape[0] / WorldSize * Rank, all.shape[0] / WorldSize);

    /// <summary>The values become their means over all processes.</summary>
    internal void Average(Span<float> values)
    {
        AllReduce(values);
        foreach (ref var value in values) value /= WorldSize;
    }

    /// <summary>Whether it holds on any process.</summary>
    internal bool Any(bool holds)
    {
        Span<double> holders = [holds ? 1 : 0];
        AllReduce(holders);
        return holders[0] > 0;
    }

    /// <summary>Rank 0's text.</summary>
    internal string Broadcast(string text)
    {
        Span<double> length = [Rank == 0 ? Encoding.UTF8.GetByteCount(text) : 0];
        AllReduce(length);
        var bytes = Rank == 0 ? Encoding.UTF8.GetBytes(text) : new byte[(int)length[0]];
        Broadcast(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <exception cref="GradientExchangeException">The texts differ between processes.</exception>
    internal void RequireSame(string text, string what)
    {
        if (Any(Broadcast(text) != text)) throw new GradientExchangeException($"Rank {Rank} of {WorldSize}: the processes were not given the same {what}.");
    }

    public void Dispose() => group.Dispose();

    private void Sum(Span<float> values, string doing) => Require(ExchangeLibrary.exchange_sum_floats(group, values, values.Length), doing);

    private void Require(int succeeded, string doing)
    {
        if (succeeded == 0)
            throw new GradientExchangeException(
                $"Rank {Rank} of {WorldSize} lost the others while {doing}: one of them ended, or did not come within {timeout.TotalSeconds:0.#} s ({ExchangeLibrary.Error})");
    }

    // Few large messages are faster than many small ones; a bound keeps the copies small.
    private static void ForBuckets(IEnumerable<Tensor> tensors, Func<Tensor, Tensor> exchange)
    {
        using var noGrad = no_grad();
        foreach (var bucket in Buckets(tensors))
        {
            using var scope = NewDisposeScope();
            var flat = exchange(cat([.. bucket.Select(t => t.detach().reshape(-1))]).cpu());
            var at = 0L;
            foreach (var tensor in bucket)
            {
                tensor.copy_(flat.narrow(0, at, tensor.numel()).reshape(tensor.shape));
                at += tensor.numel();
            }
        }
    }

    // in order; of one type each
    private static IEnumerable<List<Tensor>> Buckets(IEnumerable<Tensor> tensors)
    {
        var (bucket, bytes) = (new List<Tensor>(), 0L);
        foreach (var tensor in tensors)
        {
            if (bucket.Count > 0 && (bytes >= BucketBytes || bucket[0].dtype != tensor.dtype))
            {
                yield return bucket;
                (bucket, bytes) = ([], 0);
            }
            bucket.Add(tensor);
            bytes += tensor.numel() * tensor.element_size();
        }
        if (bucket.Count > 0) yield return bucket;
    }

    // The address of this machine that packets to the host carry: where the others find this process.
    private static string AddressTowards(string host, int port)
    {
        var addresses = Dns.GetHostAddresses(host);
        var target = addresses.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        using var probe = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        probe.Connect(target, port); // sends nothing
        return ((IPEndPoint)probe.LocalEndPoint!).Address.ToString();
    }
}

/// <summary>The processes that train together cannot go on: one is gone, is late, or was told something else. Start all of them again; they go on from rank 0's last checkpoint.</summary>
public sealed class GradientExchangeException(string message, Exception? inner = null) : Exception(message, inner);

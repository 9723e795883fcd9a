namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Parameters and persistent buffers by their full names. They are the module's own, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var head = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (own, parameter) in _internal_params) destination.TryAdd(head + own, parameter);
                foreach (var (own, (buffer, persistent)) in _internal_buffers)
                    if (persistent) destination.TryAdd(head + own, buffer);
                foreach (var (childName, child) in _internal_submodules) child.state_dict(destination, head + childName);
                return destination;
            }

            /// <summary>Copies values in. Throws where names or shapes do not fit and <paramref name="strict"/> is set.</summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var own = state_dict();
                var missing = own.Keys.Where(k => skip?.Contains(k) != true && !source.ContainsKey(k)).ToList();
                var unexpected = source.Keys.Where(k => skip?.Contains(k) != true && !own.ContainsKey(k)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException($"The loaded state_dict is not identical to the target dictionary: missing [{string.Join(", ", missing)}], unexpected [{string.Join(", ", unexpected)}].");
                using var unrecorded = no_grad();
                foreach (var (key, target) in own)
                {
                    if (skip?.Contains(key) == true || !source.TryGetValue(key, out var value)) continue;
                    if (!target.shape.AsSpan().SequenceEqual(value.shape))
                        throw new ArgumentException($"{key} has shape [{string.Join(", ", target.shape)}], the loaded one [{string.Join(", ", value.shape)}].");
                    target.copy_(value);
                }
                return (missing, unexpected);
            }

            public Module save(string location, IList<string>? skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return save(writer, skip);
            }

            public virtual Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var kept = sd.Where(entry => skip?.Contains(entry.Key) != true).ToList();
                writer.Write7BitEncodedInt64(kept.Count);
                foreach (var (key, tensor) in kept)
                {
                    writer.Write(key);
                    tensor.Save(writer);
                }
            }

            public Module load(string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return load(reader, strict, skip, loadedParameters);
            }

            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var scope = NewDisposeScope();
                var stored = new Dictionary<string, Tensor>();
                for (var left = reader.Read7BitEncodedInt64(); left > 0; left--) stored.Add(reader.ReadString(), Tensor.Load(reader));
                var (missing, _) = load_state_dict(stored, strict, skip);
                if (loadedParameters is null) return this;
                foreach (var key in state_dict().Keys) loadedParameters[key] = !missing.Contains(key) && skip?.Contains(key) != true;
                return this;
            }

            public static Module Create<T>(string path) where T : Module, new() => new T().load(path);

            internal void MoveTo(ScalarType? type, Device? device)
            {
                using var unrecorded = no_grad();
                foreach (var child in children()) child.MoveTo(type, device);
                foreach (var (_, parameter) in _internal_params) Move(parameter, type, device);
                foreach (var (_, (buffer, _)) in _internal_buffers) Move(buffer, type, device);
            }

            // Integer buffers, such as a count of batches, keep their type.
            private static void Move(Tensor tensor, ScalarType? type, Device? device)
            {
                var wanted = type is { } t && (tensor.is_floating_point() || tensor.is_complex()) ? t : tensor.dtype;
                if (wanted == tensor.dtype && (device ?? tensor.device).Equals(tensor.device)) return;
                using var moved = tensor.detach().to(wanted, device ?? tensor.device);
                tensor.SetData(moved);
            }
        }
    }

    public partial class Tensor
    {
        internal void SetData(Tensor data)
        {
            Native.Shim.Checked(Native.Shim.shim_set_data(Handle, data.Handle));
            GC.KeepAlive(data);
        }
    }
}

public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module => Moved(module, null, device);
    public static T to<T>(this T module, string device, bool non_blocking = false) where T : torch.nn.Module => Moved(module, null, new(device));
    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
        Moved(module, null, new(deviceType, deviceIndex));
    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module => Moved(module, type, null);
    public static T to<T>(this T module, torch.Device device, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module => Moved(module, type, device);
    public static T to<T>(this T module, torch.Tensor other, bool non_blocking = false) where T : torch.nn.Module => Moved(module, other.dtype, other.device);
    public static T cpu<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => Moved(module, null, torch.CPU);
    public static T @float<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => Moved(module, torch.ScalarType.Float32, null);
    public static T @double<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => Moved(module, torch.ScalarType.Float64, null);
    public static T half<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => Moved(module, torch.ScalarType.Float16, null);
    public static T cfloat<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => Moved(module, torch.ScalarType.ComplexFloat32, null);
    public static T cdouble<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => Moved(module, torch.ScalarType.ComplexFloat64, null);
    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module => Moved(module, null, new(DeviceType.CUDA, deviceIndex));
    public static T bfloat16<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => Moved(module, torch.ScalarType.BFloat16, null);

    private static T Moved<T>(T module, torch.ScalarType? type, torch.Device? device) where T : torch.nn.Module
    {
        if (type is { } wanted && !torch.is_floating_point(wanted) && !torch.is_complex(wanted))
            throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={wanted}");
        module.MoveTo(type, device);
        return module;
    }
}

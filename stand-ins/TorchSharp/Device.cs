namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor's memory is: a type and an index (-1: the current one).</summary>
    public sealed class Device
    {
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public Device(string deviceType, int index = -1) : this(Parse(deviceType), index) { }

        public Device(int index) : this(DeviceType.CUDA, index) { }

        /// <param name="description">A type, or a type and an index: "cpu", "cuda:0".</param>
        public Device(string description)
        {
            var parts = description.Split(':');
            type = Parse(parts[0]);
            index = parts.Length switch
            {
                1 => -1,
                2 when int.TryParse(parts[1], out var i) => i,
                _ => throw new ArgumentException($"Invalid device string: {description}"),
            };
        }

        public DeviceType type { get; }
        public int index { get; }

        public static implicit operator Device(string description) => new(description);

        public override string ToString() => type == DeviceType.CPU || index < 0 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";
        public override bool Equals(object? obj) => obj is Device other && type == other.type && index == other.index;
        public override int GetHashCode() => HashCode.Combine(type, index);

        private static DeviceType Parse(string name) =>
            Enum.TryParse<DeviceType>(name, ignoreCase: true, out var type) ? type : throw new ArgumentException($"Invalid device type: {name}");
    }

    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);
    public static Device CUDA => new(DeviceType.CUDA);
    public static Device MPS => new(DeviceType.MPS);

    private static Device defaultDevice = CPU;

    public static Device device(string description) => new(description);
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
    public static Device device(int index) => new(index);
    public static Device get_default_device() => defaultDevice;
    public static void set_default_device(Device device) => defaultDevice = device;
    public static void set_default_device(string device) => defaultDevice = new(device);

    /// <summary>Says whether tensors can be made on such a device.</summary>
    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType == DeviceType.CPU;

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType)) throw new InvalidOperationException($"Torch device type {deviceType} did not initialise on the current machine.");
    }

    public static Device InitializeDevice(Device? device)
    {
        device ??= defaultDevice;
        InitializeDeviceType(device.type);
        return device;
    }

    public static bool mps_is_available() => false;
    public static bool cuda_is_available() => cuda.is_available();

    public static class cuda
    {
        /// <summary>Always false: the system's libtorch is built for the CPU.</summary>
        public static bool is_available() => false;
        public static bool is_cudnn_available() => false;
        public static int device_count() => 0;

        /// <summary>Seeds every CUDA device, of which there are none.</summary>
        public static void manual_seed(long seed) { }
        public static void manual_seed_all(long seed) { }

        public static void synchronize(Device? device = null) => throw new System.Runtime.InteropServices.ExternalException("No CUDA GPUs are available");
    }
}

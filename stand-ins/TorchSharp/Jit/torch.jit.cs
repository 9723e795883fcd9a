using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>TorchScript: modules that Python has scripted or traced.</summary>
    public static partial class jit
    {
        public static CompilationUnit compile(string script) => new(script);

        public static void save(ScriptModule module, string filename) => module.Save(filename);

        public static ScriptModule load(string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) => new(Load(filename, device_type, device_index));
        public static ScriptModule load(string filename, Device map_location) => new(Load(filename, map_location.type, map_location.index));
        public static ScriptModule load(string filename, string map_location) => load(filename, new Device(map_location));
        public static ScriptModule load(byte[] bytes, DeviceType device_type = DeviceType.CPU, long device_index = -1) => new(Load(bytes, device_type, device_index));
        public static ScriptModule load(byte[] bytes, Device map_location) => new(Load(bytes, map_location.type, map_location.index));
        public static ScriptModule load(byte[] bytes, string map_location) => load(bytes, new Device(map_location));

        public static ScriptModule<TResult> load<TResult>(string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) => new(Load(filename, device_type, device_index));
        public static ScriptModule<TResult> load<TResult>(string filename, Device map_location) => new(Load(filename, map_location.type, map_location.index));
        public static ScriptModule<TResult> load<TResult>(string filename, string map_location) => load<TResult>(filename, new Device(map_location));
        public static ScriptModule<TResult> load<TResult>(byte[] bytes, DeviceType device_type = DeviceType.CPU, long device_index = -1) => new(Load(bytes, device_type, device_index));
        public static ScriptModule<TResult> load<TResult>(byte[] bytes, Device map_location) => new(Load(bytes, map_location.type, map_location.index));
        public static ScriptModule<TResult> load<TResult>(byte[] bytes, string map_location) => load<TResult>(bytes, new Device(map_location));

        public static ScriptModule<T1, TResult> load<T1, TResult>(string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) => new(Load(filename, device_type, device_index));
        public static ScriptModule<T1, TResult> load<T1, TResult>(string filename, Device map_location) => new(Load(filename, map_location.type, map_location.index));
        public static ScriptModule<T1, TResult> load<T1, TResult>(string filename, string map_location) => load<T1, TResult>(filename, new Device(map_location));
        public static ScriptModule<T1, TResult> load<T1, TResult>(byte[] bytes, DeviceType device_type = DeviceType.CPU, long device_index = -1) => new(Load(bytes, device_type, device_index));
        public static ScriptModule<T1, TResult> load<T1, TResult>(byte[] bytes, Device map_location) => new(Load(bytes, map_location.type, map_location.index));
        public static ScriptModule<T1, TResult> load<T1, TResult>(byte[] bytes, string map_location) => load<T1, TResult>(bytes, new Device(map_location));

        public static ScriptModule<T1, T2, TResult> load<T1, T2, TResult>(string filename, DeviceType device_type = DeviceType.CPU, long device_index = -1) => new(Load(filename, device_type, device_index));
        public static ScriptModule<T1, T2, TResult> load<T1, T2, TResult>(string filename, Device map_location) => new(Load(filename, map_location.type, map_location.index));
        public static ScriptModule<T1, T2, TResult> load<T1, T2, TResult>(string filename, string map_location) => load<T1, T2, TResult>(filename, new Device(map_location));
        public static ScriptModule<T1, T2, TResult> load<T1, T2, TResult>(byte[] bytes, DeviceType device_type = DeviceType.CPU, long device_index = -1) => new(Load(bytes, device_type, device_index));
        public static ScriptModule<T1, T2, TResult> load<T1, T2, TResult>(byte[] bytes, Device map_location) => new(Load(bytes, map_location.type, map_location.index));
        public static ScriptModule<T1, T2, TResult> load<T1, T2, TResult>(byte[] bytes, string map_location) => load<T1, T2, TResult>(bytes, new Device(map_location));

        private static nint Load(string filename, DeviceType type, long index)
        {
            if (!File.Exists(filename)) throw new FileNotFoundException($"{filename} does not exist.", filename);
            return Shim.Checked(Shim.shim_jit_load(filename, (int)type, (int)index));
        }

        private static unsafe nint Load(byte[] bytes, DeviceType type, long index)
        {
            fixed (byte* first = bytes) return Shim.Checked(Shim.shim_jit_load_bytes(first, bytes.LongLength, (int)type, (int)index));
        }
    }
}

using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _internal_submodules.Remove(name);
                    return;
                }
                Check(name, "module");
                if (_internal_submodules.ContainsKey(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            public virtual void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_parameter(string name, Parameter? param)
            {
                if (param is null)
                {
                    _internal_params.Remove(name);
                    return;
                }
                Check(name, "parameter");
                if (_internal_params.ContainsKey(name)) throw new InvalidOperationException($"Parameter {name} is already registered.");
                _internal_params.Add(name, param);
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null) throw new ArgumentNullException(nameof(tensor));
                Check(name, "buffer");
                if (_internal_buffers.ContainsKey(name)) throw new InvalidOperationException($"Tensor {name} is already registered.");
                _internal_buffers.Add(name, (tensor, persistent));
            }

            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                _internal_params.Remove(name);
                if (value is not null) register_parameter(name, value);
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                _internal_buffers.Remove(name);
                if (value is not null) register_buffer(name, value, persistent);
            }

            protected void ClearModules() => _internal_submodules.Clear();

            /// <summary>Registers every field that holds a module, a parameter or a tensor. Call it at the end of a constructor.</summary>
            protected virtual void RegisterComponents()
            {
                if (registered) return;
                foreach (var field in GetType().GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                {
                    if (field.FieldType.IsValueType) continue;
                    var component = field.ComponentName();
                    switch (field.GetValue(this))
                    {
                        case Module module when !_internal_submodules.ContainsKey(component):
                            register_module(component, module);
                            break;
                        case Parameter parameter when !_internal_params.ContainsKey(component):
                            register_parameter(component, parameter);
                            break;
                        case Tensor tensor when tensor is not Modules.Parameter && !_internal_buffers.ContainsKey(component):
                            register_buffer(component, tensor);
                            break;
                    }
                }
                registered = true;
            }

            private static void Check(string name, string kind)
            {
                if (string.IsNullOrEmpty(name)) throw new ArgumentException($"{kind} name can't be empty string \"\"");
                if (name.Contains('.')) throw new ArgumentException($"{kind} name can't contain \".\" (got {name})");
            }
        }
    }
}

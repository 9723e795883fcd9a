using System.Reflection;

namespace TorchSharp.Modules;

/// <summary>Settings and states of optimisers are public fields: saved, loaded, copied and compared one after another.</summary>
internal static class OptimizerFields
{
    private static IEnumerable<FieldInfo> Of(object holder) =>
        holder.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).OrderBy(field => field.MetadataToken);

    /// <summary>Takes from <paramref name="defaults"/> what is not set.</summary>
    internal static void Complete(object options, object defaults)
    {
        foreach (var field in Of(options))
            if (field.GetValue(options) is null) field.SetValue(options, field.GetValue(defaults));
    }

    internal static void Save(object holder, BinaryWriter writer)
    {
        foreach (var field in Of(holder))
            switch (field.GetValue(holder))
            {
                case double number: writer.Write(number); break;
                case long number: writer.Write(number); break;
                case bool choice: writer.Write(choice); break;
                case var tensor: OptimizerState.SaveConditionalStateTensor(writer, (torch.Tensor?)tensor); break;
            }
    }

    internal static void Load(object holder, BinaryReader reader, torch.Device? device = null)
    {
        foreach (var field in Of(holder))
        {
            var type = Nullable.GetUnderlyingType(field.FieldType) ?? field.FieldType;
            if (type == typeof(double)) field.SetValue(holder, reader.ReadDouble());
            else if (type == typeof(long)) field.SetValue(holder, reader.ReadInt64());
            else if (type == typeof(bool)) field.SetValue(holder, reader.ReadBoolean());
            else
            {
                var tensor = (torch.Tensor?)field.GetValue(holder);
                OptimizerState.LoadConditionalStateTensor(reader, ref tensor, device!);
                field.SetValue(holder, tensor);
            }
        }
    }

    internal static void Copy(object source, object target)
    {
        foreach (var field in Of(target))
        {
            if (field.FieldType != typeof(torch.Tensor))
            {
                field.SetValue(target, field.GetValue(source));
                continue;
            }
            var tensor = (torch.Tensor?)field.GetValue(target);
            OptimizerState.Copy((torch.Tensor?)field.GetValue(source), ref tensor);
            field.SetValue(target, tensor);
        }
    }

    internal static bool Near(object one, object other) => one.GetType() == other.GetType() && Of(one).All(field => (field.GetValue(one), field.GetValue(other)) switch
    {
        (torch.Tensor a, torch.Tensor b) => a.allclose(b),
        (double a, double b) => Math.Abs(a - b) <= 1e-8 * Math.Max(1, Math.Abs(a)),
        var (a, b) => Equals(a, b),
    });

    internal static void Dispose(object holder)
    {
        foreach (var field in Of(holder)) (field.GetValue(holder) as torch.Tensor)?.Dispose();
    }
}

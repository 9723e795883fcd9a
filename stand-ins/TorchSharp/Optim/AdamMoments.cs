namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW remember of one parameter: steps taken, running means of the gradient and of its square, and the largest of the latter.</summary>
internal readonly record struct AdamMoments(long Step, torch.Tensor Mean, torch.Tensor Variance, torch.Tensor? Maximum)
{
    internal void Save(BinaryWriter writer)
    {
        writer.Write(Step);
        Mean.Save(writer);
        Variance.Save(writer);
        OptimizerState.SaveConditionalStateTensor(writer, Maximum);
    }

    /// <summary>Reads into the tensors held, except the maximum, which is replaced.</summary>
    internal AdamMoments Load(BinaryReader reader, torch.Device device)
    {
        var (step, maximum) = (reader.ReadInt64(), Maximum);
        OptimizerState.Read(reader, Mean);
        OptimizerState.Read(reader, Variance);
        OptimizerState.LoadConditionalStateTensor(reader, ref maximum, device);
        return this with { Step = step, Maximum = maximum };
    }

    /// <summary>Copies into the tensors held, except the maximum, which is replaced.</summary>
    internal AdamMoments Load(AdamMoments source)
    {
        var maximum = Maximum;
        OptimizerState.Copy(source.Mean, Mean);
        OptimizerState.Copy(source.Variance, Variance);
        OptimizerState.Copy(source.Maximum, ref maximum);
        return this with { Step = source.Step, Maximum = maximum };
    }

    internal bool Near(AdamMoments other) => other.Step == Step && Mean.allclose(other.Mean) && Variance.allclose(other.Variance);

    internal void Dispose()
    {
        Mean.Dispose();
        Variance.Dispose();
        Maximum?.Dispose();
    }
}

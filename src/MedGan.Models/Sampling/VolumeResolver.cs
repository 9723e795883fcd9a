using MedGan.Models.Checkpoints;
using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Training;
using MedGan.Models.Training.Volumes;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>A trained model of three dimensions that makes slices thinner (averaged weights), in patches that fade into each other. Not for use from several threads.</summary>
public sealed class VolumeResolver : IDisposable
{
    private readonly SrResNet3d generator;
    private readonly Device device;

    private VolumeResolver(VolumeSuperResolutionPlan plan, Device device)
    {
        (Plan, generator, this.device) = (plan, plan.Generator(), device);
        CycleGanNetworks.Place(generator, device);
        CycleGanNetworks.SetTrainable(false, generator);
    }

    /// <summary>The plan that the model was trained by.</summary>
    public VolumeSuperResolutionPlan Plan { get; }

    /// <param name="modelFolder">As written by <see cref="Trainer.Export"/>.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <exception cref="InvalidDataException">The folder's plan or weights cannot be read, or do not fit each other.</exception>
    public static VolumeResolver Load(string modelFolder, string device = "auto")
    {
        if (ModelFolder.ReadTrainingPlan(modelFolder) is not VolumeSuperResolutionPlan plan) throw new InvalidDataException($"{modelFolder} holds no model of three dimensions for super-resolution.");
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        using var scope = NewDisposeScope();
        var resolver = new VolumeResolver(plan, Compute.Prepare(device, plan.Threads));
        try
        {
            TrainingCheckpoint.Copy(ModelFolder.ReadWeights(modelFolder), CycleGanNetworks.Weights([("generator", resolver.generator)]));
            return resolver;
        }
        catch
        {
            resolver.Dispose();
            throw;
        }
    }

    /// <summary>A volume with more slices; the network sees it with as many rows and columns as said, see <see cref="SuperResolver.ThinSlices"/>.</summary>
    /// <param name="voxels">[slice, row, column], in [-1, 1].</param>
    /// <param name="slices">Slices.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="seenRows">Rows that the network sees.</param>
    /// <param name="seenColumns">Columns that the network sees.</param>
    /// <returns>[slice, row, column], not clamped.</returns>
    public float[] ThinSlices(float[] voxels, int slices, int rows, int columns, int seenRows, int seenColumns)
    {
        if (voxels.Length != (long)slices * rows * columns) throw new ArgumentException($"A volume of {slices} x {rows} x {columns} was said, {voxels.Length} values were given.", nameof(voxels));
        return SeenVolume.Thin(voxels, slices, rows, columns, seenRows, seenColumns, Magnification.ThroughPlane(Plan.Factor), (seen, height, width) => Run(generator, Plan, device, seen, slices, height, width));
    }

    public void Dispose() => generator.Dispose();

    internal static float[] Run(SrResNet3d generator, VolumeSuperResolutionPlan plan, Device device, float[] thick, int slices, int rows, int columns)
    {
        using var inference = inference_mode();
        using var whole = NewDisposeScope();
        // sides of a patch at least
        var (height, width) = (Math.Max(rows, plan.PatchSize), Math.Max(columns, plan.PatchSize));
        var detail = SlidingWindow.Blend(Padded(thick, slices, rows, columns, height, width), slices, height, width, plan.PatchDepth, plan.PatchSize, plan.Overlap, plan.Factor, patch =>
        {
            using var scope = NewDisposeScope();
            var coarse = tensor(patch, [1, 1, plan.PatchDepth, plan.PatchSize, plan.PatchSize]).to(device);
            return generator.call(coarse).cpu().data<float>().ToArray();
        });
        var interpolated = ThickSlices.Interpolated(tensor(thick, [1, 1, slices, rows, columns]), plan.Factor).data<float>().ToArray();
        return [.. interpolated.Zip(Padded(detail, slices * plan.Factor, height, width, rows, columns), (x, y) => x + y)];
    }

    // more rows and columns of air, or the first ones only
    private static float[] Padded(float[] volume, int slices, int rows, int columns, int height, int width)
    {
        if ((rows, columns) == (height, width)) return volume;
        var other = new float[slices * height * width];
        Array.Fill(other, -1);
        var length = Math.Min(columns, width);
        for (var z = 0; z < slices; z++)
            for (var y = 0; y < Math.Min(rows, height); y++) volume.AsSpan((z * rows + y) * columns, length).CopyTo(other.AsSpan((z * height + y) * width));
        return other;
    }
}

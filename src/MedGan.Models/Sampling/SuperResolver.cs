using MedGan.Models.Checkpoints;
using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Training;
using MedGan.Models.Training.SuperResolution;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>A trained model that makes images finer (averaged weights). Images may be of any size. Not for use from several threads.</summary>
public sealed class SuperResolver : IDisposable
{
    private const int Tile = 192, LargestMargin = 32;

    private readonly nn.Module<Tensor, Tensor> generator;
    private readonly Device device;
    private readonly int margin;

    /// <param name="plan">That the model was trained by.</param>
    /// <param name="weights">As <see cref="SuperResolutionMethod.ExportedWeights"/> gives them; copied.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <exception cref="InvalidPlanException">The plan has errors.</exception>
    /// <exception cref="InvalidDataException">The weights do not fit the plan.</exception>
    public SuperResolver(SuperResolutionPlan plan, IReadOnlyDictionary<string, Tensor> weights, string device = "auto")
    {
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        Plan = plan;
        this.device = Compute.Prepare(device, plan.Threads);
        // how far a pixel sees, of residual blocks; more is not worth its time
        margin = plan.IsDense ? LargestMargin : Math.Min(LargestMargin, 2 * plan.Blocks + 12);
        using var scope = NewDisposeScope();
        generator = SuperResolutionNetworks.MakeGenerator(plan);
        try
        {
            CycleGanNetworks.Place(generator, this.device);
            TrainingCheckpoint.Copy(weights, CycleGanNetworks.Weights([("generator", generator)]));
            CycleGanNetworks.SetTrainable(false, generator);
            generator.eval();
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    public SuperResolutionPlan Plan { get; }

    /// <summary>How many times more rows and columns an image gets.</summary>
    public Magnification Magnification => Plan.Magnification;

    /// <param name="modelFolder">weights.safetensors and plan.json.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <exception cref="InvalidDataException">The folder's plan or weights cannot be read, or do not fit each other.</exception>
    public static SuperResolver Load(string modelFolder, string device = "auto")
    {
        if (ModelFolder.ReadTrainingPlan(modelFolder) is not SuperResolutionPlan plan)
            throw new InvalidDataException("The model was not trained for super-resolution.");
        using var scope = NewDisposeScope();
        return new SuperResolver(plan, ModelFolder.ReadWeights(modelFolder), device);
    }

    /// <summary>One image; a large one tile by tile, with margins that are thrown away.</summary>
    /// <param name="pixels">Slices * height * width values in [-1, 1]; the middle slice is made finer.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <returns>Rows * height by Columns * width values, not clamped.</returns>
    public float[] Upscale(float[] pixels, int height, int width)
    {
        if (height < 1 || width < 1 || pixels.Length != (long)Plan.Slices * height * width)
            throw new ArgumentException($"An image of {Plan.Slices} x {height} x {width} was said, {pixels.Length} values were given.", nameof(pixels));
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var image = tensor(pixels, [1, Plan.Slices, height, width]);
        var bands = Parts(height).Select(rows => cat([.. Parts(width).Select(columns => OfTile(image, rows, columns))], 3));
        return cat([.. bands], 2).contiguous().data<float>().ToArray();
    }

    /// <summary>A fine image as the plan's degradation leaves it, without noise: what the model can be measured on.</summary>
    /// <param name="fine">Slices * height * width values in [-1, 1].</param>
    /// <param name="height">Rows, a multiple of <see cref="Magnification"/>'s.</param>
    /// <param name="width">Columns, a multiple of <see cref="Magnification"/>'s.</param>
    /// <returns>Slices * h * w values.</returns>
    public float[] Degrade(float[] fine, int height, int width)
    {
        using var scope = NewDisposeScope();
        return SuperResolutionNetworks.Coarse(Plan, tensor(fine, [1, Plan.Slices, height, width])).contiguous().data<float>().ToArray();
    }

    /// <summary>The baseline: the middle slice by <see cref="BicubicUpsampling"/>.</summary>
    /// <param name="pixels">Slices * height * width values.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public float[] Bicubic(float[] pixels, int height, int width)
    {
        using var scope = NewDisposeScope();
        return BicubicUpsampling.Of(tensor(pixels, [1, Plan.Slices, height, width]).narrow(1, Plan.Slices / 2, 1), Magnification).contiguous().data<float>().ToArray();
    }

    /// <summary>
    /// A volume with more slices: through plane, the mean of what its coronal and its sagittal reformats give; a model for images in plane makes each slice finer instead,
    /// seeing its neighbours where it was trained to (at the ends, the last slice again).
    /// </summary>
    /// <param name="voxels">[slice, row, column], in [-1, 1].</param>
    /// <param name="slices">Slices.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <returns>[slice, row, column], finer along slices or along rows and columns, not clamped.</returns>
    public float[] UpscaleVolume(float[] voxels, int slices, int rows, int columns)
    {
        if (voxels.Length != (long)slices * rows * columns) throw new ArgumentException($"A volume of {slices} x {rows} x {columns} was said, {voxels.Length} values were given.", nameof(voxels));
        if (Magnification.Columns > 1)
        {
            var finer = new List<float>(voxels.Length * Magnification.Area);
            for (var k = 0; k < slices; k++) finer.AddRange(Upscale(Neighbours(k, slices, n => voxels.AsSpan(n * rows * columns, rows * columns).ToArray()), rows, columns));
            return [.. finer];
        }
        var result = new float[voxels.Length * Magnification.Rows];
        var height = slices * Magnification.Rows;
        float[] Coronal(int row) => Reformat(slices, columns, (z, x) => voxels[(z * rows + row) * columns + x]);
        float[] Sagittal(int column) => Reformat(slices, rows, (z, y) => voxels[(z * rows + y) * columns + column]);
        for (var row = 0; row < rows; row++)
        {
            var fine = Upscale(Neighbours(row, rows, Coronal), slices, columns);
            for (var z = 0; z < height; z++)
                for (var x = 0; x < columns; x++) result[(z * rows + row) * columns + x] = fine[z * columns + x] / 2;
        }
        for (var column = 0; column < columns; column++)
        {
            var fine = Upscale(Neighbours(column, columns, Sagittal), slices, rows);
            for (var z = 0; z < height; z++)
                for (var y = 0; y < rows; y++) result[(z * rows + y) * columns + column] += fine[z * rows + y] / 2;
        }
        return result;
    }

    /// <summary>
    /// A volume with thinner slices, whose voxels may be of another width than its new slices are far apart: the network sees the volume with rows and columns of that width, as it learnt on square
    /// pixels, and what it adds is laid on the bicubic interpolation of the volume's own. Nothing of the volume's sharpness in the plane is lost.
    /// </summary>
    /// <param name="voxels">[slice, row, column], in [-1, 1].</param>
    /// <param name="slices">Slices.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="seenRows">Rows that the network sees.</param>
    /// <param name="seenColumns">Columns that the network sees.</param>
    /// <returns>[slice, row, column], more slices, not clamped.</returns>
    public float[] ThinSlices(float[] voxels, int slices, int rows, int columns, int seenRows, int seenColumns)
    {
        if (Magnification.Columns > 1) throw new InvalidOperationException("The model makes images finer in the plane, not through it.");
        return SeenVolume.Thin(voxels, slices, rows, columns, seenRows, seenColumns, Magnification, (seen, height, width) => UpscaleVolume(seen, slices, height, width));
    }

    public void Dispose() => generator.Dispose();

    private float[] Neighbours(int index, int count, Func<int, float[]> image) =>
        [.. Enumerable.Range(index - Plan.Slices / 2, Plan.Slices).SelectMany(n => image(Math.Clamp(n, 0, count - 1)))];

    private static float[] Reformat(int height, int width, Func<int, int, float> voxel)
    {
        var image = new float[height * width];
        for (var i = 0; i < image.Length; i++) image[i] = voxel(i / width, i % width);
        return image;
    }

    // first and last + 1 of what each tile gives
    private static IEnumerable<(int Start, int End)> Parts(int length)
    {
        var count = (length + Tile - 1) / Tile;
        return Enumerable.Range(0, count).Select(i => ((int)((long)length * i / count), (int)((long)length * (i + 1) / count)));
    }

    // [1,S,H,W] -> [1,1,r h,s w]
    private Tensor OfTile(Tensor image, (int Start, int End) rows, (int Start, int End) columns)
    {
        using var scope = NewDisposeScope();
        var (top, bottom) = (Math.Max(0, rows.Start - margin), Math.Min((int)image.shape[2], rows.End + margin));
        var (left, right) = (Math.Max(0, columns.Start - margin), Math.Min((int)image.shape[3], columns.End + margin));
        var tile = image.narrow(2, top, bottom - top).narrow(3, left, right - left).contiguous().to(device);
        var fine = SuperResolutionNetworks.Image(Plan, tile, generator.call(tile)).cpu();
        return fine.narrow(2, (rows.Start - top) * Magnification.Rows, (rows.End - rows.Start) * Magnification.Rows)
            .narrow(3, (columns.Start - left) * Magnification.Columns, (columns.End - columns.Start) * Magnification.Columns).MoveToOuterDisposeScope();
    }
}

using System.Globalization;
using MedGan.Dicom.Volumes;
using MedGan.Models.Sampling;
using MedGan.Models.Training;
using MedGan.Models.Training.SuperResolution;
using MedGan.Models.Training.Volumes;

namespace MedGan.Jobs.CommandLine;

/// <summary>Volumes with thinner slices, by a model of super-resolution through the plane, of two dimensions or three.</summary>
internal sealed class ThinnerSlices : IDisposable
{
    // voxels, slices, rows, columns, the rows and the columns that the network sees
    private delegate float[] Thin(float[] voxels, int slices, int rows, int columns, int seenRows, int seenColumns);

    private readonly IDisposable resolver;
    private readonly Thin thin;
    private readonly int factor;
    private readonly double pixelMm, sliceMm;
    private readonly bool flat;

    private ThinnerSlices(IDisposable resolver, Thin thin, int factor, double pixelMm, double? sliceMm) =>
        (this.resolver, this.thin, this.factor, this.pixelMm, this.sliceMm, flat) = (resolver, thin, factor, pixelMm, sliceMm ?? pixelMm, sliceMm is null);

    public static ThinnerSlices Load(string model, TrainingPlan plan, ModelData data)
    {
        var pixelMm = InPlaneGrid.FieldOfViewMm / plan.ImageSize;
        if (plan is VolumeSuperResolutionPlan deep)
        {
            var volumes = VolumeResolver.Load(model);
            return new ThinnerSlices(volumes, volumes.ThinSlices, deep.Factor, pixelMm, data.SliceSpacingMm ?? pixelMm);
        }
        var images = SuperResolver.Load(model);
        return new ThinnerSlices(images, images.ThinSlices, ((SuperResolutionPlan)plan).Factor, pixelMm, null);
    }

    /// <summary>The volume on its own rows and columns, its slices divided; the same unit.</summary>
    public Volume Of(Volume volume)
    {
        var (g, voxels) = (volume.Geometry, (float[])volume.Voxels.Clone());
        Intensity.ToModel(volume.Modality, voxels);
        var (rows, columns) = Seen(g);
        var made = thin(voxels, g.Slices, g.Rows, g.Columns, rows, columns);
        Intensity.FromModel(volume.Modality, made);
        return new Volume(volume.Modality, g.EnlargedThroughPlane(factor), made, volume.MrUnit);
    }

    /// <summary>What happens to a volume, and whether it is like those that the model learnt on.</summary>
    public string Describe(VolumeGeometry g)
    {
        var spacing = g.SliceSpacingMm / factor;
        return string.Create(CultureInfo.InvariantCulture, $"{g.Slices} slices {g.SliceSpacingMm:0.###} mm apart become {g.Slices * factor}, {spacing:0.###} mm apart.")
            + (Math.Abs(Math.Log(spacing / sliceMm)) < Math.Log(1.5) ? "" : string.Create(CultureInfo.InvariantCulture, $" The model learnt on {(flat ? "pixels" : "slices")} of {sliceMm:0.###} mm: one that learnt on such as these would fit better."));
    }

    // as the network learnt: in two dimensions on square pixels, as wide as thin slices are far apart; in three on pixels of the field of view
    private (int Rows, int Columns) Seen(VolumeGeometry g)
    {
        var width = flat ? g.SliceSpacingMm / factor : pixelMm;
        int Count(int own, double spacing) => Math.Abs(spacing / width - 1) < 0.02 ? own : Math.Max(1, (int)Math.Round(own * spacing / width));
        return (Count(g.Rows, g.RowSpacingMm), Count(g.Columns, g.ColumnSpacingMm));
    }

    public void Dispose() => resolver.Dispose();
}

using MedGan.Dicom.Volumes;
using Xunit;

namespace MedGan.Dicom.Tests.Volumes;

public sealed class IntensityTests
{
    [Theory]
    [InlineData(Modality.CT, -1024, -1)]
    [InlineData(Modality.CT, 512, 0)]
    [InlineData(Modality.CT, 2048, 1)]
    [InlineData(Modality.CT, 3000, 1)]
    [InlineData(Modality.MR, 0, -1)]
    [InlineData(Modality.MR, 0.6f, 0)]
    [InlineData(Modality.MR, 5, 1)]
    public void ToModel_MapsTheRangeLinearlyAndClamps(Modality modality, float value, float expected)
    {
        float[] values = [value];
        Intensity.ToModel(modality, values);
        Assert.Equal(expected, values[0], 1e-6f);
    }

    [Theory]
    [InlineData(Modality.CT, 37.25f, 0.001f)]
    [InlineData(Modality.MR, 0.731f, 1e-6f)]
    public void FromModel_UndoesToModel(Modality modality, float value, float tolerance)
    {
        float[] values = [value];
        Intensity.ToModel(modality, values);
        Intensity.FromModel(modality, values);
        Assert.Equal(value, values[0], tolerance);
    }

    [Fact]
    public void UnitOf_IsThe995thPercentileOfTheForegroundAlone()
    {
        // 4000 pixels of noise below 10, 1000 of signal from 200 to 1199: rank round(0.995 * 999) = 994 is 1194.
        var voxels = Enumerable.Range(0, 4000).Select(i => i % 10f).Concat(Enumerable.Range(200, 1000).Select(i => (float)i)).ToArray();
        Assert.Equal(1194, MrNormalization.UnitOf(voxels));
        Assert.Equal(1, MrNormalization.UnitOf(new float[50]));
    }
}

using MedGan.Dicom.Volumes;
using Xunit;

namespace MedGan.Dicom.Tests.Volumes;

public sealed class VolumeGeometryTests
{
    private static readonly VolumeGeometry Grid = new(50, 40, 30, new(1, 2, 3), new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), 0.5, 0.6, 2);

    [Fact]
    public void LiesOn_WhatIsWrittenWithOtherRounding_Holds() => Assert.True(Grid.LiesOn(Grid with { OriginMm = new(1.03, 2, 2.98), ColumnSpacingMm = 0.5003 }));

    public static TheoryData<VolumeGeometry> Others =>
    [
        Grid with { OriginMm = new(1.25, 2, 3) }, // half a voxel
        Grid with { SliceSpacingMm = 2.01 }, // 0.29 mm at the last slice
        Grid with { Slices = 31 },
        Grid with { Columns = 40, Rows = 50 },
        Grid with { SliceDirection = new(0, 0, -1) },
        Grid with { RowDirection = new(0.999, 0.0447, 0), ColumnDirection = new(-0.0447, 0.999, 0) },
    ];

    [Theory]
    [MemberData(nameof(Others))]
    public void LiesOn_AnotherGrid_DoesNotHold(VolumeGeometry other) => Assert.False(Grid.LiesOn(other) || other.LiesOn(Grid));
}

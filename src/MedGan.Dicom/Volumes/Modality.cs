namespace MedGan.Dicom.Volumes;

/// <summary>The imaging modalities that MedGan learns between (DICOM Modality (0008,0060)).</summary>
public enum Modality
{
    /// <summary>Computed tomography; voxels in Hounsfield units.</summary>
    CT,

    /// <summary>Magnetic resonance; voxels relative to the 99.5th percentile of the foreground.</summary>
    MR,
}

namespace MedGan.Phantoms;

/// <summary>How the digital head is imaged.</summary>
public enum PhantomModality
{
    /// <summary>Computed tomography, HU.</summary>
    Ct,

    /// <summary>Spin echo, T1-weighted.</summary>
    MrT1,

    /// <summary>Fast spin echo, T2-weighted.</summary>
    MrT2,
}

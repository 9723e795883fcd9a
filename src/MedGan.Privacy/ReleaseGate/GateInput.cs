namespace MedGan.Privacy.ReleaseGate;

/// <summary>Embeds images (Size*Size, [-1, 1]): one vector per image, in the same order and all of one length. Supplied by the caller.</summary>
public delegate float[][] EmbedImages(IReadOnlyList<float[]> images);

/// <summary>An image that the gate looks at.</summary>
/// <param name="Id">Our own identifier; unique among the images of its list.</param>
/// <param name="PatientId">Pseudonym of its patient.</param>
/// <param name="Pixels">Size*Size values in [-1, 1], row by row; -1 is air.</param>
/// <param name="ContentSha256">Generated images: SHA-256 (64 hex digits) of the full-resolution slice as published. Real images: "".</param>
public sealed record GateImage(string Id, string PatientId, float[] Pixels, string ContentSha256);

/// <summary>Which real images calibrate the thresholds.</summary>
public enum HeldOutKind
{
    /// <summary>Images of patients of the generated modality that took no part in training.</summary>
    SameModality,
    /// <summary>
    /// No held-out patient of the generated modality exists: real images of held-out patients of the other modality calibrate.
    /// They are expected to be less alike to the training images, which makes the threshold stricter; this is not measured.
    /// </summary>
    OtherModality,
    /// <summary>
    /// Nobody is held out in either modality: real images of the other modality calibrate although their patients took part in the
    /// training, of the other direction and of the encoder, so they are not unseen.
    /// </summary>
    OtherModalityTrained,
}

/// <summary>Everything the gate judges by.</summary>
/// <param name="Size">Side of every image in pixels: at least 16, divisible by 4.</param>
/// <param name="Training">Every training image of the generated modality.</param>
/// <param name="HeldOut">Real images that calibrate; see <paramref name="HeldOutKind"/>.</param>
/// <param name="HeldOutKind">What they are.</param>
/// <param name="Generated">The images to be judged.</param>
public sealed record GateInput(
    int Size, IReadOnlyList<GateImage> Training, IReadOnlyList<GateImage> HeldOut, HeldOutKind HeldOutKind, IReadOnlyList<GateImage> Generated);

/// <summary>What the gate decided.</summary>
public sealed record GateOutcome(IReadOnlyList<ReleasedInstance> Released, IReadOnlyList<WithheldInstance> Withheld, GateReport Report);

/// <summary>An image that stays in quarantine, and why.</summary>
/// <param name="ImageId">The id of the generated image.</param>
/// <param name="Reasons">Plain sentences; at least one.</param>
/// <param name="Evidence">What was measured; without scores if it never came to that.</param>
public sealed record WithheldInstance(string ImageId, IReadOnlyList<string> Reasons, Evidence Evidence);

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>A layer that makes several pixels of one.</summary>
internal interface IUpsamplingStep
{
    /// <summary>See <see cref="ConvolutionInitialisation.EqualSubPixels"/>; to be called after the weights were drawn.</summary>
    void EqualSubPixels();
}

using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// One method in training: networks, losses and optimisers, and how a step changes them. Budget, checkpoints, resumption and the watch over the losses are
/// the trainer's. The next step depends on nothing but <see cref="Tensors"/> and <see cref="Counters"/>.
/// </summary>
public interface ITrainingMethod : IDisposable
{
    /// <summary>SHA-256 over the training images, their patients and classes, in order.</summary>
    string Fingerprint { get; }

    /// <summary>Training images that one step sees.</summary>
    int ImagesPerStep { get; }

    /// <summary>The processes that train this model together; null where the method, or this process, trains alone. Not owned.</summary>
    GradientExchange? Exchange => null;

    /// <summary>Trains every network once.</summary>
    /// <param name="step">Steps taken before this one.</param>
    /// <param name="share">The used share of the budget, [0, 1).</param>
    /// <returns>Losses and scores by name, "generator" and "discriminator" among them where there are such.</returns>
    IReadOnlyDictionary<string, double> TakeStep(long step, double share);

    /// <summary>Every tensor that the next step depends on (weights, averages, moments, pools), named, in the same order always; owned here, to be read and copied into.</summary>
    IReadOnlyDictionary<string, Tensor> Tensors();

    /// <summary>Everything else that the next step depends on: step counts, samplers, generators of random numbers. Set after <see cref="Tensors"/> were.</summary>
    JsonObject Counters { get; set; }

    /// <summary>What a model folder holds: the averaged weights of what samples or translates; owned here.</summary>
    IReadOnlyDictionary<string, Tensor> ExportedWeights();

    /// <summary>What the averaged networks make now of the same inputs or latents at every call.</summary>
    SampleSheet Samples();
}

/// <summary>Images in rows, for a person to look at.</summary>
/// <param name="Columns">Images in a row.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Images">Row after row; Height * Width values each, in [-1, 1].</param>
public sealed record SampleSheet(int Columns, int Height, int Width, IReadOnlyList<float[]> Images);

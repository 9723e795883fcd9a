using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// Looks for trainings that go wrong: a loss that is no number, a discriminator that is always right, samples that become alike, samples that come close to the training images.
/// </summary>
/// <param name="plan">Its limits.</param>
internal sealed class TrainingWatch(TrainingPlan plan)
{
    private const double Decay = 0.99;

    /// <summary>The name under which a method tells the share of a discriminator's decisions, of real and generated images alike, that are right.</summary>
    public const string DiscriminatorAccuracy = "discriminatorAccuracy";

    /// <summary>The name under which a method tells how alike a step's generated images are, and how near they are to the images trained on; both as it sees fit, checked for their trend.</summary>
    public const string Diversity = "diversity", TrainingSimilarity = "trainingSimilarity";

    /// <summary>The share of right decisions, a scalar without gradient: real scores above <paramref name="border"/>, generated ones below.</summary>
    public static Tensor RightDecisions(Tensor real, Tensor generated, double border)
    {
        static Tensor Share(Tensor right) => right.to(ScalarType.Float32).mean();
        return (Share(real.detach().gt(border)) + Share(generated.detach().lt(border))) / 2;
    }

    /// <summary>What a checkpoint keeps.</summary>
    public WatchState State { get; set; } = new(0, null, null, null);

    /// <returns>What is wrong, as the end of "Training stopped: ...", or null.</returns>
    public string? Look(IReadOnlyDictionary<string, double> losses)
    {
        foreach (var (name, value) in losses)
            if (!double.IsFinite(value)) return $"{name} is not a finite number; lower the learning rate, or raise the batch size";
        State = new WatchState(
            State.Steps + 1, Mean(State.Accuracy, losses.GetValueOrDefault(DiscriminatorAccuracy, double.NaN)),
            Mean(State.Diversity, losses.GetValueOrDefault(Diversity, double.NaN)), Mean(State.Similarity, losses.GetValueOrDefault(TrainingSimilarity, double.NaN)));
        if (State.Steps < plan.WatchFromStep) return null;
        return State switch
        {
            { Accuracy: { } accuracy } when accuracy > plan.MaxDiscriminatorAccuracy =>
                $"the discriminator was right in {accuracy:P1} of its decisions, and teaches the generator nothing; lower its rate, regularise it, or augment",
            { Diversity: { } diversity } when diversity < plan.MinDiversity => $"the samples' diversity fell to {diversity:0.###}: they are all alike",
            { Similarity: { } similarity } when similarity > plan.MaxTrainingSimilarity => $"the samples' similarity to training images rose to {similarity:0.###}: they are being memorised",
            _ => null,
        };
    }

    private static double? Mean(double? before, double value) => double.IsNaN(value) ? before : before is { } mean ? Decay * mean + (1 - Decay) * value : value;
}

/// <summary>Running means; null where the method does not tell.</summary>
public sealed record WatchState(long Steps, double? Accuracy, double? Diversity, double? Similarity);

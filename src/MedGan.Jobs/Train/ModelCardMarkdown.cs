using System.Globalization;
using System.Text;
using MedGan.Dicom.Volumes;
using MedGan.Models.Training;

namespace MedGan.Jobs.Train;

/// <summary>The model card for people.</summary>
public static class ModelCardMarkdown
{
    /// <summary>The card as Markdown; figures with invariant decimal points.</summary>
    public static string Of(ModelCard card)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Model card: {OneLine(card.Name)}

            {Heading(card)} of the head, finished {card.MadeAt:yyyy-MM-dd HH:mm} UTC after {card.Steps} steps in {card.DurationSeconds:0} s.

            | | |
            | --- | --- |
            | training | `{card.Id}` |
            | data snapshot (SHA-256) | `{card.SnapshotSha256}` |
            | weights (SHA-256) | `{card.WeightsSha256}` |
            | seed | {card.Plan["seed"]} |
            | software | MedGan {card.Software.MedGan}, {card.Software.Libtorch}, .NET {card.Software.DotNet} |
            | device | {card.Software.Device}, {card.Software.Threads} threads |

            ## Intended use

            {card.IntendedUse}

            ## Data

            Split by patient; a patient with both modalities plays one part in both.

            | cohort | part | patients | slices |
            | --- | --- | ---: | ---: |

            """);
        AppendCohort(text, Modality.CT, card.Ct);
        AppendCohort(text, Modality.MR, card.Mr);
        AppendMetrics(text, card.Metrics);
        AppendLosses(text, card.FinalLosses);
        text.Append("\n## Limits\n\n");
        foreach (var limit in card.Limits) text.Append(CultureInfo.InvariantCulture, $"- {limit}\n");
        text.Append("\n## Configuration\n\n```json\n").Append(card.Plan.ToJsonString(JobJson.Indented)).Append("\n```\n");
        return text.ToString();
    }

    private static string Heading(ModelCard card) => (string?)card.Plan["method"] is CycleGanPlan.MethodName or null
        ? "CycleGAN between CT and MR" : $"Translation from {card.Translates[0]} ({card.Plan["method"]})";

    private static void AppendCohort(StringBuilder text, Modality modality, CardCohort cohort)
    {
        foreach (var part in cohort.Parts)
            text.Append(CultureInfo.InvariantCulture,
                $"| {modality} ({OneLine(cohort.Cohort)}) | {part.Split} | {part.Patients} | {part.Slices} |\n");
    }

    private static void AppendMetrics(StringBuilder text, ModelMetrics metrics)
    {
        text.Append("\n\n## Figures\n\n");
        text.Append(metrics.HeldOut
            ? "Measured on patients that the training never saw, inside the head. No paired truth is needed for these.\n\n"
            : "**Measured on training patients: for at least one modality nobody is held out.** Expect worse on others.\n\n");
        ModalityMetrics[] made = [.. new[] { metrics.Ct, metrics.Mr }.OfType<ModalityMetrics>()];
        text.Append(CultureInfo.InvariantCulture, $"| inside the head |{string.Concat(made.Select(m => m.Modality == Modality.CT ? " CT (HU) |" : " MR (1.0 = 99.5th percentile) |"))}\n| --- |{string.Concat(made.Select(_ => " ---: |"))}\n");
        Row("patients / slices", m => $"{m.Patients} / {m.Slices}");
        Row("error against the registered image, MAE", m => Figure(m, m.PairedMae));
        Row("cycle error, MAE", m => Figure(m, m.CycleMae));
        Row("identity error, MAE", m => Figure(m, m.IdentityMae));
        Row("histogram distance, synthetic to real", m => Figure(m, m.SyntheticHistogramDistance));
        Row("histogram distance, untranslated source to real", m => Figure(m, m.UntranslatedHistogramDistance));
        Row("histogram distance, training patients to these", m => Figure(m, m.RealHistogramDistance));

        void Row(string name, Func<ModalityMetrics, string> cell) =>
            text.Append(CultureInfo.InvariantCulture, $"| {name} |{string.Concat(made.Select(m => $" {cell(m)} |"))}\n");
    }

    private static void AppendLosses(StringBuilder text, LossPoint? losses)
    {
        if (losses is null) return;
        text.Append(CultureInfo.InvariantCulture,
            $"\nLosses at the end: {string.Join(", ", losses.Losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Key} {loss.Value:0.000}")))}.\n");
    }

    private static string Figure(ModalityMetrics metrics, double? value) =>
        value?.ToString(metrics.Modality == Modality.CT ? "0.0" : "0.0000", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>Names come from people: no line breaks, table bars or markup in them.</summary>
    private static string OneLine(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c is '|' or '<' or '>' or '`' ? '-' : c));
}

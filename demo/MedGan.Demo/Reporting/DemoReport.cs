using System.Globalization;
using MedGan.Demo.Service;

namespace MedGan.Demo.Reporting;

/// <summary>The main job's result as a page for people: pictures first, then evidence.</summary>
internal static class DemoReport
{
    private const int ListedWithheld = 60;

    public static string Html(DemoResult result)
    {
        var page = new HtmlPage("MedGan: synthetic CT and MR, with evidence");
        page.Lead(F($"{Source(result)} A CycleGAN was trained for {result.Minutes:0.##} minutes ({result.Losses.LastOrDefault()?.Step ?? 0} steps), every generated slice was held against every training slice, and {result.Privacy.Released} of {result.Privacy.Released + result.Privacy.Withheld} slices were released."));
        Truth(page, result);
        page.Section("What was generated");
        if (result.ContactSheetPng is { } sheet) page.Picture(sheet, "Released slices of the synthetic series, as they are in the DICOM files");
        else page.Text("Nothing was released.");
        page.Section("Real, synthetic, cycle").Picture(result.SamplesPng, "Held-out images: the real one, its translation, and its translation back");
        page.Section("Training").Raw(LossChart.Svg(result.Losses));
        page.Text(F($"Data snapshot <code>{HtmlPage.Escape(result.Training.SnapshotSha256)}</code>. Everything else about the model is in <code>model-card.md</code>."));
        Privacy(page, result);
        Cohorts(page, result);
        page.Section("Audit").Text(F($"<code>audit.jsonl</code> holds {result.AuditLeaves} entries of a Merkle log, from the first upload to this download. Check it without the service: <code>./medgan verify audit.jsonl</code>."));
        return page.ToString();
    }

    private static string Source(DemoResult result) => HtmlPage.Escape(result.Source);

    private static void Truth(HtmlPage page, DemoResult result)
    {
        if (result.Truth is not { } truth) return;
        page.Section("Against the truth");
        page.Text(F($"The phantom knows what CT each MR patient would have had. Over {truth.Patients} patients whom the training never saw ({truth.Slices} released slices), inside the head:"));
        page.Table(["", $"mean absolute error ({truth.Unit})", "PSNR (dB)", "synthetic is better by"],
            new[] { truth.Synthetic, truth.MeanTraining, truth.HistogramMatched }.Select(m => (string[])[m.Method, F($"{m.Mae:0.0}"), F($"{m.Psnr:0.0}"), m == truth.Synthetic ? "" : F($"{100 * truth.GainOver(m):0.0} %")]));
        page.Text(truth.Gain >= DemoResult.LeastGain
            ? F($"<span class='good'>The bar is met:</span> at least {100 * DemoResult.LeastGain:0} % better than both answers that need no network.")
            : F($"<span class='bad'>The bar is not met:</span> {100 * DemoResult.LeastGain:0} % better than both was asked for, {100 * truth.Gain:0.0} % was reached."));
        if (result.TruthPng is { } picture) page.Picture(picture, "Held-out patients: MR as scanned, synthetic CT, true CT, and the absolute difference (white: 500 HU and more)");
    }

    private static void Privacy(HtmlPage page, DemoResult result)
    {
        page.Section("Privacy gate");
        foreach (var (modality, gate) in result.Privacy.Modalities)
        {
            page.Raw($"<h3>Synthetic {HtmlPage.Escape(modality.ToUpperInvariant())}</h3>");
            page.Text(F($"{gate.Released} of {gate.Generated} slices released, {gate.Withheld} withheld; compared with {gate.TrainingImages} training slices of {gate.TrainingPatients} patient(s), mirrored too."));
            foreach (var why in gate.WhyNotCertified) page.Text($"<span class='bad'>Not certified:</span> {HtmlPage.Escape(why)}");
            if (gate.Calibration is { } calibration)
            {
                page.Text(calibration.Kind.Equals("sameModality", StringComparison.OrdinalIgnoreCase)
                    ? F($"The thresholds come from {calibration.Images} real slices of {calibration.Patients} held-out patient(s).")
                    : F($"No patient of this modality was held out. The thresholds come from {calibration.Images} real slices of {calibration.Patients} patient(s) of the <b>other</b> modality, which should be stricter: harmless slices are withheld too. The privacy report says more."));
                page.Table(["view", "real slices: median", "highest", "threshold"], calibration.Thresholds.Select(t => (string[])[t.Detector, F($"{t.HeldOutMedian:0.0000}"), F($"{t.HeldOutMaximum:0.0000}"), F($"{t.Threshold:0.0000}")]));
            }
            if (gate.FalseAlarm is { } alarm)
                page.Text(alarm.Images is { } images ? F($"False alarms, each held-out patient judged by thresholds set on the others: {Rate(images)}.") : HtmlPage.Escape(alarm.WhyNotMeasured));
            if (gate.SelfTest.Count > 0)
                page.Table(["planted copies of training slices", "must be found", "found"], gate.SelfTest.Select(p => (string[])[p.Copy, p.Deciding ? "yes, or nothing is released" : "reported", Rate(p.Found)]));
            var withheld = gate.Images.Where(i => i.Verdict.Equals("withheld", StringComparison.OrdinalIgnoreCase)).ToList();
            if (withheld.Count == 0) continue;
            page.Raw("<h4>Withheld, and why</h4>");
            page.Table(["slice", "why"], withheld.Take(ListedWithheld).Select(i => (string[])[i.Id, string.Join(' ', i.Reasons)]));
            if (withheld.Count > ListedWithheld) page.Text(F($"and {withheld.Count - ListedWithheld} more, in the privacy report."));
        }
        page.Raw("<h3>The closest pairs</h3>").Picture(result.NearestPairsPng, "Generated slices beside the training slice that each comes closest to, closest first");
    }

    private static void Cohorts(HtmlPage page, DemoResult result)
    {
        page.Section("What went in");
        page.Table(["cohort", "patient", "modality", "state", "images", "notes"], result.Cohorts.SelectMany(cohort => cohort.Series.Select(series => (string[])
            [cohort.Name, series.Patient, series.Modality ?? "", series.State, F($"{series.Instances}"), string.Join(' ', [.. series.Notes ?? [], series.Reason ?? ""])])));
    }

    private static string Rate(RateAnswer rate) => F($"{rate.Count} of {rate.Of} (95 % interval {100 * rate.Low:0.0} % to {100 * rate.High:0.0} %)");

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using MedGan.Privacy.Memorization;

namespace MedGan.Privacy.ReleaseGate;

/// <summary>The report in plain sentences, for a privacy officer.</summary>
internal static class GateReportText
{
    private const int ListedImages = 200;

    public static string Reason(DetectorScore score)
    {
        string form = score.Mirror switch
        {
            Mirror.LeftRight => ", mirrored left-right",
            Mirror.UpDown => ", mirrored up-down",
            Mirror.HalfTurn => ", turned by 180 degrees",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"Too close to training image {score.NearestTrainingId}{form}: {View(score.Detector)} correlates {score.Correlation:0.0000}, the threshold is {score.Threshold:0.0000}.");
    }

    public static string Write(GateReport report)
    {
        var text = new StringBuilder("# Privacy report\n\n");
        Line(text, report.Certified
            ? $"{report.Released} of {report.Generated} generated images were released, {report.Withheld} were withheld. Judged {report.JudgedAt:yyyy-MM-dd HH:mm} UTC."
            : $"**Not certified: all {report.Withheld} generated images were withheld.** Judged {report.JudgedAt:yyyy-MM-dd HH:mm} UTC.");
        foreach (string why in report.WhyNotCertified) Line(text, $"- {why}");
        if (report.ReleasedEmpty > 0) Line(text, $"{report.ReleasedEmpty} of the released images show only air. They show no person, so there was nothing to compare.");
        Line(text, $"\nThe images were to be held against each of {report.TrainingImages} training images of {Patients(report.TrainingPatients)}, as it is and mirrored.");
        if (report.Calibration is { } calibration) Write(text, calibration);
        if (report.FalseAlarm is { } falseAlarm) Write(text, falseAlarm, report.Calibration?.TargetFalseAlarm ?? 0);
        if (report.SelfTest.Count > 0) Write(text, report.SelfTest);
        if (report.SetCloseness.Count > 0) Write(text, report.SetCloseness);
        WriteWithheld(text, report);
        text.Append("""

            ## What this report does not show

            - It shows that no released image is closer to one training image than real images of other patients are. It does not show that
              nothing about a training patient can be learned from the model or from the released images taken together: membership
              inference is another audit.
            - A generated image that was translated from a patient's scan shares that patient's anatomy with the scan. The gate compares it
              with the training images of the modality that was generated, not with the scan it was made from.
            - Copies altered more strongly than those of the self test, parts of images, and combinations of several training images may pass.
            - Images are compared slice by slice at the size the model works at.

            """);
        return text.ToString();
    }

    private static void Write(StringBuilder text, CalibrationReport c)
    {
        Line(text, "\n## Thresholds\n");
        Line(text, Source(c));
        Line(text, $"They are set so that another real image of that kind would be withheld with a probability of at most {100 * c.TargetFalseAlarm:0.##} % (all views together).");
        if (c.EmptyImages > 0) Line(text, $"{c.EmptyImages} real images show only air and were left out.");
        if (c.SamePatientImages > 0) Line(text, $"{c.SamePatientImages} real images were left out because their patient is among the training patients.");
        if (c.SuspectedDuplicates.Count > 0)
            Line(text, $"**{c.SuspectedDuplicates.Count} held-out images are practically identical to training images** and were left out: one patient may have been uploaded under two identities. They are: {string.Join(", ", c.SuspectedDuplicates)}.");
        if (c.Thresholds.Count == 0) return;
        Line(text, $"\n| view | real images: median | highest | 95th percentile | threshold |\n| --- | --- | --- | --- | --- |");
        foreach (var t in c.Thresholds)
            Line(text, $"| {View(t.Detector)} | {t.HeldOutMedian:0.0000} | {t.HeldOutMaximum:0.0000} | {t.Percentile95:0.0000} | {t.Threshold:0.0000} |");
    }

    private static string Source(CalibrationReport c)
    {
        string images = $"{c.Images} real images of {Patients(c.Patients)}";
        const string Expected = "Such images are expected to be less alike to the training images than unseen images of the same modality would be, which makes the thresholds stricter: more is withheld, harmless images among it. This is expected, not measured.";
        return c.Kind switch
        {
            HeldOutKind.SameModality => $"The thresholds come from {images} that took no part in training.",
            HeldOutKind.OtherModality => $"No patient of the generated modality was held out. The thresholds come from {images} of the **other** modality that took no part in training. {Expected}",
            _ => $"Nobody was held out. The thresholds come from {images} of the **other** modality that **took part in training**: of the generator of the other direction, and of the encoder whose embedding is one of the views. {Expected}",
        };
    }

    private static void Write(StringBuilder text, FalseAlarmReport f, double target)
    {
        Line(text, $"\n## False alarms\n");
        if (f.Images is null || f.Patients is null) { Line(text, $"{f.WhyNotMeasured}"); return; }
        Line(text, $"Each held-out patient was judged with thresholds set on the other held-out patients. Real images that would have been withheld: {f.Images}. Patients with at least one such image: {f.Patients}.");
        if (f.Images.Low > target)
            Line(text, "That is more than was aimed at: so few held-out patients do not show how much patients differ. More harmless images are withheld than intended.");
    }

    private static void Write(StringBuilder text, IReadOnlyList<PlantedCopies> selfTest)
    {
        Line(text, $"\n## Does the gate find copies?\n");
        Line(text, $"Copies of training images were put among the generated ones. Unless every exact and every mirrored copy is found, nothing is released. Altered copies are reported only.");
        Line(text, $"\n| copy | must be found | found |\n| --- | --- | --- |");
        foreach (var copies in selfTest) Line(text, $"| {copies.Copy} | {(copies.Deciding ? "yes" : "no")} | {copies.Found} |");
    }

    private static void Write(StringBuilder text, IReadOnlyList<SetCloseness> views)
    {
        Line(text, "\n## The set as a whole (reported, not deciding)\n");
        Line(text, "Are the generated images closer to the training images than the held-out real ones? Z of the three-sample test (Meehan et al. 2020, with one cell): far below 0 means copying. Slices of one patient are not independent, so Z overstates certainty.");
        Line(text, "\n| view | Z |\n| --- | --- |");
        foreach (var view in views) Line(text, $"| {View(view.Detector)} | {view.Z:0.0} |");
    }

    private static void WriteWithheld(StringBuilder text, GateReport report)
    {
        var withheld = report.Images.Where(image => image.Verdict == Verdict.Withheld).ToList();
        if (withheld.Count == 0 || !report.Certified) return;
        Line(text, $"\n## Withheld images\n");
        foreach (var image in withheld.Take(ListedImages)) Line(text, $"- {image.Id}: {string.Join(' ', image.Reasons)}");
        if (withheld.Count > ListedImages) Line(text, $"- and {withheld.Count - ListedImages} more, listed in the report's JSON form.");
    }

    private static string Patients(int count) => count == 1 ? "one patient" : $"{count} patients";

    private static string View(string detector) => detector switch
    {
        "ncc-full" => "the whole image",
        "ncc-half" => "the image at half resolution",
        "ncc-quarter" => "the image at quarter resolution",
        "ncc-detail" => "the image's detail",
        "ncc-aligned" => "the image's detail, centred and scaled",
        _ => "the embedding",
    };

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}

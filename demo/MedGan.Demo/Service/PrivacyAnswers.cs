namespace MedGan.Demo.Service;

// The privacy report, as far as the demo reads it.

internal sealed record PrivacyAnswer(int Released, int Withheld, Dictionary<string, GateAnswer> Modalities);

internal sealed record GateAnswer(
    bool Certified, List<string> WhyNotCertified, int TrainingImages, int TrainingPatients, int Generated, int Released, int ReleasedEmpty, int Withheld,
    CalibrationAnswer? Calibration, FalseAlarmAnswer? FalseAlarm, List<PlantedAnswer> SelfTest, List<ImageAnswer> Images);

internal sealed record CalibrationAnswer(string Kind, int Patients, int Images, double TargetFalseAlarm, List<ThresholdAnswer> Thresholds);

internal sealed record ThresholdAnswer(string Detector, double HeldOutMedian, double HeldOutMaximum, double Threshold);

internal sealed record RateAnswer(int Count, int Of, double Low, double High);

internal sealed record FalseAlarmAnswer(RateAnswer? Images, RateAnswer? Patients, string? WhyNotMeasured);

internal sealed record PlantedAnswer(string Copy, bool Deciding, RateAnswer Found);

internal sealed record ImageAnswer(string Id, string Verdict, EvidenceAnswer Evidence, List<string> Reasons);

internal sealed record EvidenceAnswer(string Kind, List<ScoreAnswer> Scores, string? NearestTrainingId);

internal sealed record ScoreAnswer(string Detector, double Correlation, double Threshold, string NearestTrainingId, string Mirror);

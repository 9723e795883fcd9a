using MedGan.Jobs.Images.Folders;
using MedGan.Models.Training;
using MedGan.Models.Training.Contrastive;
using MedGan.Models.Training.Paired;
using MedGan.Models.Training.SuperResolution;
using MedGan.Models.Training.Volumes;

namespace MedGan.Jobs.CommandLine;

/// <summary>What a training sees of its folders, and what it does not.</summary>
/// <param name="Method">Ready to be trained; not owned.</param>
/// <param name="Validation">A figure of held-out patients; null where there are none, or no figure.</param>
/// <param name="Description">What the model has to know of its data.</param>
/// <param name="Notes">Plain sentences of what was left out or assumed.</param>
internal sealed record TrainingCohort(
    ITrainingMethod Method, Func<double>? Validation, ModelData Description, IReadOnlyList<string> Notes)
{
    /// <exception cref="ImageFolderException">A folder cannot be used.</exception>
    /// <exception cref="WrongUseException">The plan's method wants another number of folders, or a patient to hold out is not there.</exception>
    public static TrainingCohort Read(TrainingPlan plan, string[] folders, string[] heldOut, string? features, CancellationToken ct) => plan switch
    {
        PairedTranslationPlan { FeatureNetwork: "squeezenet" } or SuperResolutionPlan { FeatureNetwork: "squeezenet" } when !File.Exists(features) =>
            throw new WrongUseException(features is null ? "The plan's feature network squeezenet needs a file with its weights: --features FILE." : $"There is no file {features}."),
        CycleGanPlan both => BothWays(both, Folders(plan, folders, 2), heldOut, ct),
        PairedTranslationPlan paired => Paired(paired, Folders(plan, folders, 2), heldOut, features, ct),
        ContrastiveTranslationPlan contrastive => Contrastive(contrastive, Folders(plan, folders, 2), heldOut, ct),
        VolumeTranslationPlan volumes => Volumes(volumes, Folders(plan, folders, 2), heldOut, ct),
        SuperResolutionPlan finer => Finer(finer, Folders(plan, folders, 1), heldOut, features, ct),
        VolumeSuperResolutionPlan thinner => Thinner(thinner, Folders(plan, folders, 1), heldOut, ct),
        ClassConditionalPlan conditional => Classes(conditional, Folders(plan, folders, 1), heldOut, ct),
        _ => throw new WrongUseException($"The method {plan.Method} is not trained on folders."),
    };

    private static TrainingCohort Paired(PairedTranslationPlan plan, string[] folders, string[] heldOut, string? features, CancellationToken ct)
    {
        var options = new ImageFolderOptions { Size = plan.ImageSize };
        var both = PairedFolders.Read(folders[0], folders[1], options, options, ct);
        var held = HeldOut([.. both.Pairs.Select(p => p.A.Patient)], heldOut, plan.Seed);
        var pairs = both.Pairs.Select(p => new PairedImage(p.A.Patient, both.A.Stack(p.A, plan.Slices / 2), p.B.Pixels)).ToList();
        PairedImage[] train = [.. pairs.Where(p => !held.Contains(p.PatientId))], validation = [.. pairs.Where(p => held.Contains(p.PatientId))];
        if (train.Length == 0) throw new WrongUseException("Every patient is held out; there is none to train on.");
        var method = new PairedTranslationMethod(plan, train, validation, features);
        string[] notes = [.. NotesOf(both.A), .. NotesOf(both.B), .. both.WithoutPair.Count == 0 ? [] : new[] { $"{both.WithoutPair.Count} images have no partner of the same name: {both.WithoutPair[0]}, ..." }, Counted("pairs", train.Length, validation.Length, held)];
        return new TrainingCohort(
            method, validation.Length == 0 ? null : () => method.Error(validation),
            new ModelData(DataScale.Of(both.A), DataScale.Of(both.B), [], train.Length, train.Select(p => p.PatientId).Distinct().Count(), validation.Length, held.Count), notes);
    }

    private static TrainingCohort BothWays(CycleGanPlan plan, string[] folders, string[] heldOut, CancellationToken ct)
    {
        var options = new ImageFolderOptions { Size = plan.ImageSize };
        var (a, b) = (ImageFolder.Read(folders[0], options, ct), ImageFolder.Read(folders[1], options, ct));
        var held = HeldOut([.. a.Patients.Concat(b.Patients)], heldOut, plan.Seed);
        TrainingImage[] Part(ImageFolder folder, bool isHeld) => [.. folder.Images.Where(i => held.Contains(i.Patient) == isHeld).Select(i => new TrainingImage(i.Patient, i.Pixels))];
        var (ofA, ofB) = (Part(a, false), Part(b, false));
        if (ofA.Length == 0 || ofB.Length == 0) throw new WrongUseException("Every patient of one of the folders is held out; there is none to train on.");
        float[][] Shown(ImageFolder folder, TrainingImage[] training) => [.. TrainingImages.Spread(Part(folder, true) is { Length: > 0 } shown ? shown : training, 4).Select(i => i.Pixels)];
        return new TrainingCohort(
            new CycleGanMethod(plan, ofA, ofB, new SampleImages(Shown(a, ofA), Shown(b, ofB))), null,
            new ModelData(DataScale.Of(a), DataScale.Of(b), [], ofA.Length + ofB.Length, ofA.Concat(ofB).Select(i => i.PatientId).Distinct().Count(), a.Images.Count + b.Images.Count - ofA.Length - ofB.Length, held.Count),
            [.. NotesOf(a), .. NotesOf(b), Counted("images", ofA.Length + ofB.Length, a.Images.Count + b.Images.Count - ofA.Length - ofB.Length, held)]);
    }

    private static TrainingCohort Volumes(VolumeTranslationPlan plan, string[] folders, string[] heldOut, CancellationToken ct)
    {
        var options = new ImageFolderOptions { Size = plan.ImageSize };
        var both = PairedFolders.Read(folders[0], folders[1], options, options, ct);
        var runs = SliceRuns.Of(both.Pairs, pair => pair.A);
        var deep = runs.Where(run => run.Count >= plan.PatchDepth).ToList();
        if (deep.Count == 0) throw new WrongUseException($"No volume has {plan.PatchDepth} slices on end, the plan's patchDepth; the longest has {runs.Max(run => run.Count)}.");
        var held = HeldOut([.. deep.Select(run => run[0].A.Patient)], heldOut, plan.Seed);
        VolumePair[] Part(bool isHeld) => [.. deep.Where(run => held.Contains(run[0].A.Patient) == isHeld).Select(run =>
            new VolumePair(run[0].A.Patient, run.Count, [.. run.SelectMany(p => p.A.Pixels)], [.. run.SelectMany(p => p.B.Pixels)]))];
        var (train, validation) = (Part(false), Part(true));
        if (train.Length == 0) throw new WrongUseException("Every patient is held out; there is none to train on.");
        var method = new VolumeTranslationMethod(plan, train, validation);
        string[] notes = [.. NotesOf(both.A), .. NotesOf(both.B), .. runs.Where(run => run.Count < plan.PatchDepth).Select(run => $"{run[0].A.Name} begins {run.Count} slices, fewer than the plan's patchDepth {plan.PatchDepth}: left out."),
            Counted("pairs of volumes", train.Length, validation.Length, held)];
        return new TrainingCohort(
            method, validation.Length == 0 ? null : () => method.Error(validation),
            new ModelData(DataScale.Of(both.A), DataScale.Of(both.B), [], train.Sum(p => p.Slices), train.Select(p => p.PatientId).Distinct().Count(), validation.Sum(p => p.Slices), held.Count), notes);
    }

    private static TrainingCohort Contrastive(ContrastiveTranslationPlan plan, string[] folders, string[] heldOut, CancellationToken ct)
    {
        var options = new ImageFolderOptions { Size = plan.ImageSize };
        var (source, target) = (ImageFolder.Read(folders[0], options, ct), ImageFolder.Read(folders[1], options, ct));
        var held = HeldOut([.. source.Patients.Concat(target.Patients)], heldOut, plan.Seed);
        TrainingImage[] Part(ImageFolder folder, int radius, bool isHeld) =>
            [.. folder.Images.Where(i => held.Contains(i.Patient) == isHeld).Select(i => new TrainingImage(i.Patient, folder.Stack(i, radius)))];
        var (sources, targets) = (Part(source, plan.Slices / 2, false), Part(target, 0, false));
        if (sources.Length == 0 || targets.Length == 0) throw new WrongUseException("Every patient of one of the folders is held out; there is none to train on.");
        var shown = Part(source, plan.Slices / 2, true);
        var method = new ContrastiveTranslationMethod(plan, sources, targets, shown);
        return new TrainingCohort(
            method, null,
            new ModelData(DataScale.Of(source), DataScale.Of(target), [], sources.Length + targets.Length, sources.Concat(targets).Select(i => i.PatientId).Distinct().Count(), shown.Length, held.Count),
            [.. NotesOf(source), .. NotesOf(target), Counted("source images", sources.Length, shown.Length, held)]);
    }

    private static TrainingCohort Finer(SuperResolutionPlan plan, string[] folders, string[] heldOut, string? features, CancellationToken ct)
    {
        if (plan.Axes == "throughPlane" && plan.Slices > 1) throw new WrongUseException("On folders, a training through the plane sees one slice: a volume's own slices are further apart than those of its reformats.");
        var folder = ImageFolder.Read(folders[0], new ImageFolderOptions { Size = plan.ImageSize }, ct);
        var held = HeldOut(folder.Patients, heldOut, plan.Seed);
        TrainingImage[] Part(bool isHeld) => [.. folder.Images.Where(i => held.Contains(i.Patient) == isHeld).Select(i => new TrainingImage(i.Patient, folder.Stack(i, plan.Slices / 2)))];
        TrainingImage[] train = Part(false), validation = Part(true);
        if (train.Length == 0) throw new WrongUseException("Every patient is held out; there is none to train on.");
        var method = new SuperResolutionMethod(plan, train, features);
        // a game makes images that are sharper, not nearer: the error would choose its beginning
        return Alone(folder, method, [], train.Length, train.Select(i => i.PatientId), held) with { Validation = validation.Length == 0 || plan.IsAdversarial ? null : () => method.Error(validation) };
    }

    private static TrainingCohort Thinner(VolumeSuperResolutionPlan plan, string[] folders, string[] heldOut, CancellationToken ct)
    {
        var folder = ImageFolder.Read(folders[0], new ImageFolderOptions { Size = plan.ImageSize }, ct);
        var (runs, least) = (SliceRuns.Of(folder.Images.Where(i => i.Placement is VolumePlacement), i => i), plan.PatchDepth * plan.Factor);
        var deep = runs.Where(run => run.Count >= least).ToList();
        if (deep.Count == 0) throw new WrongUseException($"No volume has {least} slices on end, as many as {plan.PatchDepth} thick ones become{(runs.Count == 0 ? "" : $"; the longest has {runs.Max(run => run.Count)}")}.");
        var held = HeldOut([.. deep.Select(run => run[0].Patient)], heldOut, plan.Seed);
        TrainingVolume[] Part(bool isHeld) => [.. deep.Where(run => held.Contains(run[0].Patient) == isHeld).Select(run => new TrainingVolume(run[0].Patient, run.Count, [.. run.SelectMany(i => i.Pixels)]))];
        var (train, validation) = (Part(false), Part(true));
        if (train.Length == 0) throw new WrongUseException("Every patient is held out; there is none to train on.");
        var method = new VolumeSuperResolutionMethod(plan, train, validation);
        return new TrainingCohort(
            method, validation.Length == 0 ? null : () => method.Error(validation),
            new ModelData(DataScale.Of(folder), DataScale.Of(folder), [], train.Sum(v => v.Slices), train.Select(v => v.PatientId).Distinct().Count(), validation.Sum(v => v.Slices), held.Count,
                deep.Average(run => ((VolumePlacement)run[0].Placement).Geometry.SliceSpacingMm)),
            [.. NotesOf(folder), .. runs.Where(run => run.Count < least).Select(run => $"{run[0].Name} begins {run.Count} slices, fewer than the {least} that are needed: left out."), Counted("volumes", train.Length, validation.Length, held)]);
    }

    private static TrainingCohort Classes(ClassConditionalPlan plan, string[] folders, string[] heldOut, CancellationToken ct)
    {
        var folder = ImageFolder.Read(folders[0], new ImageFolderOptions { Size = plan.ImageSize }, ct);
        if (plan.Classes.FirstOrDefault(c => !folder.Classes.Contains(c)) is { } missing)
            throw new WrongUseException($"{folders[0]} has no class {missing} (a sub-folder of that name); it has {string.Join(", ", folder.Classes)}.");
        var held = HeldOut(folder.Patients, heldOut, plan.Seed);
        ClassImage[] train = [.. folder.Images.Where(i => !held.Contains(i.Patient) && plan.Classes.Contains(i.Class)).Select(i => new ClassImage(i.Patient, i.Class, folder.Stack(i, plan.Channels / 2)))];
        if (plan.Classes.FirstOrDefault(c => train.All(i => i.Class != c)) is { } empty) throw new WrongUseException($"Every patient of class {empty} is held out; name those to hold out with --validate.");
        return Alone(folder, new ClassConditionalMethod(plan, train), plan.Classes, train.Length, train.Select(i => i.PatientId), held);
    }

    private static TrainingCohort Alone(ImageFolder folder, ITrainingMethod method, IReadOnlyList<string> classes, int images, IEnumerable<string> patients, HashSet<string> held)
    {
        var others = folder.Images.Count(i => held.Contains(i.Patient));
        return new TrainingCohort(
            method, null, new ModelData(DataScale.Of(folder), DataScale.Of(folder), classes, images, patients.Distinct().Count(), others, held.Count),
            [.. NotesOf(folder), Counted("images", images, others, held)]);
    }

    private static string[] Folders(TrainingPlan plan, string[] folders, int count) => folders.Length == count ? folders
        : throw new WrongUseException($"The method {plan.Method} is trained on {(count == 1 ? "one folder" : "two folders, source and target")}: --data has {folders.Length}.");

    /// <summary>The patients that are not trained on: those asked for, else the validation and test patients of the plan's split.</summary>
    internal static HashSet<string> HeldOut(IReadOnlyCollection<string> patients, string[] asked, long seed)
    {
        if (asked.Length > 0) return Known(patients, asked);
        var split = PatientSplit.Of(patients, seed);
        return [.. split.Validation, .. split.Test];
    }

    /// <summary>The patients asked for, all of which the data must have.</summary>
    internal static HashSet<string> Known(IReadOnlyCollection<string> patients, string[] asked)
    {
        string[] unknown = [.. asked.Except(patients).Select(p => $"There is no patient {p} in the data.")];
        return unknown.Length == 0 ? [.. asked] : throw new WrongUseException(unknown);
    }

    private static string Counted(string what, int train, int held, HashSet<string> patients) =>
        $"{train} {what} to train on, {held} of held-out patients ({(patients.Count == 0 ? "none" : string.Join(", ", patients.Order(NaturalOrder.Instance).Take(20)))}).";

    internal static IEnumerable<string> NotesOf(ImageFolder folder) =>
        folder.Notes.Concat(folder.LeftOut.Select(file => $"{folder.Root}/{file.Path} was left out: {file.Reason}"));
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MedGan.Models.Training;
using MedGan.Models.Training.SuperResolution;

namespace MedGan.Jobs.CommandLine;

/// <summary>
/// <c>train PLAN --data DIR... --out MODEL</c>: trains by a plan on folders of images and writes a model folder. Patients that validate are held out. Interrupted, it saves;
/// called again with the same arguments it goes on.
/// </summary>
internal static class TrainVerb
{
    private static readonly Argument<FileInfo> Plan = new("plan") { Description = "A training plan, JSON (plans/ has some)." };
    private static readonly Option<string[]> Data = new("--data")
    {
        Description = "Folders of DICOM, NIfTI, PNG or JPEG images: source and target for translation, one for everything else (a class is a sub-folder).",
        Required = true, AllowMultipleArgumentsPerToken = true, HelpName = "DIR",
    };
    private static readonly Option<string[]> Validate = new("--validate")
    {
        Description = "Patients to hold out; without it about a third of them, chosen by the plan's seed.", AllowMultipleArgumentsPerToken = true, HelpName = "PATIENT",
    };
    private static readonly Option<FileInfo?> Features = new("--features") { Description = "The weights of the plan's feature network squeezenet, safetensors.", HelpName = "FILE" };
    private static readonly Option<double?> Minutes = new("--minutes") { Description = "The budget, in the place of the plan's." };
    private static readonly Option<DirectoryInfo?> From = new("--from") { Description = "A model folder to start from, in the place of the plan's transferFrom.", HelpName = "MODEL" };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "The model folder.", Required = true, HelpName = "MODEL" };
    private static readonly Option<bool> AsJson = new("--json") { Description = "The result as one JSON object." };

    public static Command Command { get; } = Make();

    private static Command Make()
    {
        var command = new Command("train", "Trains a model by a plan on local folders.") { Plan, Data, Validate, Features, Minutes, From, Out, AsJson };
        command.SetAction((parsed, ct) => Task.FromResult(Run(
            ReadPlan(parsed.GetRequiredValue(Plan), parsed.GetValue(Minutes), parsed.GetValue(From)?.FullName), parsed.GetRequiredValue(Data), parsed.GetValue(Validate) ?? [], parsed.GetValue(Features)?.FullName, parsed.GetRequiredValue(Out).FullName, parsed.GetValue(AsJson), ct)));
        return command;
    }

    private static TrainingPlan ReadPlan(FileInfo file, double? minutes, string? from)
    {
        var plan = TrainingPlan.FromJson(File.ReadAllText(file.FullName));
        if (minutes is not null) plan = plan with { MaxMinutes = minutes, MaxSteps = null, MaxImages = null };
        if (from is not null) plan = plan switch
        {
            SuperResolutionPlan finer => finer with { TransferFrom = from },
            ClassConditionalPlan conditional => conditional with { TransferFrom = from },
            _ => throw new WrongUseException($"A training of {plan.Method} starts from random weights: it takes no --from."),
        };
        return plan.Validate() is { Count: > 0 } errors ? throw new InvalidPlanException(errors) : plan;
    }

    private static int Run(TrainingPlan plan, string[] data, string[] validate, string? features, string model, bool json, CancellationToken ct)
    {
        var cohort = TrainingCohort.Read(plan, data, validate, features, ct);
        foreach (var sentence in cohort.Notes) Console.Error.WriteLine(sentence);
        Directory.CreateDirectory(model);
        var checkpoints = Path.Combine(model, "checkpoints");
        using var trainer = new Trainer(plan, cohort.Method, cohort.Validation);
        var resumed = trainer.Restore(checkpoints);
        foreach (var damage in trainer.DamagedCheckpoints) Console.Error.WriteLine($"A checkpoint was passed over: {damage}");
        if (resumed) Console.Error.WriteLine($"Going on from step {trainer.Step}.");
        try
        {
            var result = trainer.Run(checkpoints, new TrainingProgress(Path.Combine(model, "samples")), ct);
            trainer.Export(model);
            cohort.Description.Write(model);
            ModelReport.Write(model, plan, result, cohort.Description);
            Console.WriteLine(json
                ? JsonSerializer.Serialize(new { model, steps = result.Steps, seconds = result.Elapsed.TotalSeconds, losses = result.Losses, best = result.Best }, JsonSerializerOptions.Web)
                : string.Create(CultureInfo.InvariantCulture, $"{model}: {result.Steps} steps in {result.Elapsed.TotalMinutes:0.0} minutes"));
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"Interrupted at step {trainer.Step}; the same command goes on from there.");
            return 1;
        }
        catch (TrainingStoppedException e)
        {
            Console.Error.WriteLine($"medgan: {e.Message}");
            return 1;
        }
    }
}

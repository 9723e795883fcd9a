using MedGan.Jobs.Images.Folders;
using MedGan.Models.Training;

namespace MedGan.Jobs.CommandLine;

/// <summary>A model folder, and images for it.</summary>
internal static class ModelFolders
{
    /// <exception cref="WrongUseException">It is no model folder.</exception>
    public static TrainingPlan ReadPlan(string model)
    {
        var file = Path.Combine(model, "plan.json");
        return File.Exists(file) ? TrainingPlan.FromJson(File.ReadAllText(file)) : throw new WrongUseException($"{model} is no model folder: it has no plan.json.");
    }

    /// <summary>A folder in the unit that a model takes; what was left out is told on standard error.</summary>
    /// <exception cref="WrongUseException">Its images are in another unit.</exception>
    public static ImageFolder ReadImages(string folder, int size, ModelData data, CancellationToken ct, bool keepVolumes = false)
    {
        var images = ImageFolder.Read(folder, new ImageFolderOptions { Size = size, White16 = data.Source.White16, KeepVolumes = keepVolumes }, ct);
        foreach (var note in TrainingCohort.NotesOf(images)) Console.Error.WriteLine(note);
        if (images.Images.FirstOrDefault(i => i.Scale.Unit != data.Source.Scale.Unit) is { } other)
            throw new WrongUseException($"{folder}/{other.Name} is in {other.Scale.Unit}; the model was trained on {data.Source.Scale.Unit}.");
        return images;
    }
}

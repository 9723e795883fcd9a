using System.Text.Json;
using MedGan.Jobs.Images.Folders;

namespace MedGan.Jobs.CommandLine;

/// <summary>What a model folder tells of its data (data.json), so that new images come in, and generated ones go out, in the units that it was trained with. It names no patient.</summary>
/// <param name="Source">Of what the model takes.</param>
/// <param name="Target">Of what it makes.</param>
/// <param name="Classes">In the model's order; empty without.</param>
/// <param name="TrainingImages">Trained on.</param>
/// <param name="TrainingPatients">Trained on.</param>
/// <param name="HeldOutImages">Never trained on.</param>
/// <param name="HeldOutPatients">Never trained on.</param>
/// <param name="SliceSpacingMm">Of the volumes that a model of three dimensions was trained on, on average; null of others.</param>
internal sealed record ModelData(
    DataScale Source, DataScale Target, IReadOnlyList<string> Classes, int TrainingImages, int TrainingPatients, int HeldOutImages, int HeldOutPatients, double? SliceSpacingMm = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public void Write(string model) => File.WriteAllText(Path.Combine(model, "data.json"), JsonSerializer.Serialize(this, Json));

    /// <exception cref="InvalidDataException">The folder has none, or it is damaged.</exception>
    public static ModelData Read(string model)
    {
        var file = Path.Combine(model, "data.json");
        if (!File.Exists(file)) throw new InvalidDataException($"{model} is no model folder: it has no data.json.");
        try { return JsonSerializer.Deserialize<ModelData>(File.ReadAllText(file), Json) ?? throw new InvalidDataException($"{file} is empty."); }
        catch (JsonException e) { throw new InvalidDataException($"{file} cannot be read: {e.Message}", e); }
    }
}

/// <summary>The unit of a folder's images.</summary>
/// <param name="Scale">Between values and [-1, 1].</param>
/// <param name="White16">White of 16-bit pictures that do not say it themselves.</param>
internal sealed record DataScale(IntensityScale Scale, float? White16)
{
    public static DataScale Of(ImageFolder folder) => new(folder.Images[0].Scale, folder.White16);
}

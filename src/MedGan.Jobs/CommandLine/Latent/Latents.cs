using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGan.Jobs.CommandLine.Latent;

/// <summary>What latents.json tells of the images beside it.</summary>
/// <param name="Method">Of the model.</param>
/// <param name="Weights">SHA-256 of the model's weights.</param>
/// <param name="Space">Where the points lie.</param>
/// <param name="Images">Their names, and the points that they were made of.</param>
/// <param name="Directions">Unit vectors that points were moved along, the strongest first; null where none were.</param>
internal sealed record Latents(string Method, string Weights, LatentSpace Space, IReadOnlyList<LatentPoint> Images, IReadOnlyList<float[]>? Directions = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static Latents Read(string file)
    {
        try { return JsonSerializer.Deserialize<Latents>(File.ReadAllText(file), Json) is { Images: not null } latents ? latents : throw new InvalidDataException($"{file} holds no latents."); }
        catch (JsonException e) { throw new InvalidDataException($"{file} cannot be read: {e.Message}", e); }
    }
}

/// <summary>A point of a latent space.</summary>
/// <param name="Name">Of its image, without extension.</param>
/// <param name="From">How it came about.</param>
/// <param name="Class">Whose image it makes.</param>
/// <param name="Values">Z values, or layers * W values.</param>
/// <param name="Error">Of a projection: the root mean square difference to the real image, in [-1, 1] units.</param>
internal sealed record LatentPoint(string Name, string From, string Class, float[] Values, double? Error = null);

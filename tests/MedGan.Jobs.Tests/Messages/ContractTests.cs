using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using MassTransit;
using MedGan.Jobs.Messages;
using MedGan.Storage;
using MedGan.Testing;

namespace MedGan.Jobs.Tests.Messages;

/// <summary>docs/messages.md and the schemas beside it say what the code does: for every contract of ours, also one that is added later.</summary>
public sealed partial class ContractTests
{
    private static readonly string Docs = Path.Combine(BuiltProgram.Root, "docs");

    private static readonly JsonSerializerOptions Written = new(StorageJson.Options)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private static readonly JsonSerializerOptions Strict = new(Written) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static TheoryData<Type> Contracts => [.. typeof(StudyIngested).Assembly.GetTypes().Where(t => t.Namespace == typeof(StudyIngested).Namespace && t.GetCustomAttribute<EntityNameAttribute>() is not null)];

    private static string NameOf(Type contract) => contract.GetCustomAttribute<EntityNameAttribute>()!.EntityName;

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Schema_IsTheContracts(Type contract)
    {
        var schema = Written.GetJsonSchemaAsNode(contract, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true }).AsObject();
        var whole = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = NameOf(contract) };
        foreach (var (key, value) in schema) whole[key] = value?.DeepClone();
        var expected = whole.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
        var file = Path.Combine(Docs, "messages", NameOf(contract) + ".schema.json");
        Assert.True(File.Exists(file) && File.ReadAllText(file) == expected, $"{file} must be:\n{expected}");
    }

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Documentation_ShowsAnExampleThatIsOne(Type contract)
    {
        var text = File.ReadAllText(Path.Combine(Docs, "messages.md"));
        var section = Sections().Matches(text).SingleOrDefault(m => m.Groups["name"].Value == NameOf(contract));
        Assert.True(section is not null, $"docs/messages.md has no section '### `{NameOf(contract)}`' with a JSON example");
        var example = section.Groups["json"].Value;
        var message = JsonSerializer.Deserialize(example, contract, Strict);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(example), JsonNode.Parse(StorageJson.Write(message!))), "the example is not what the service writes");
    }

    [Fact]
    public void Names_CarryTheirVersion() => Assert.All(Contracts, row => Assert.Matches("^medgan\\.[a-z-]+\\.v[0-9]+$", NameOf(row.Data)));

    [GeneratedRegex("^### `(?<name>[^`]+)`\n(?:(?!^### ).*\n)*?```json\n(?<json>(?:(?!```).*\n)+)```", RegexOptions.Multiline)]
    private static partial Regex Sections();
}

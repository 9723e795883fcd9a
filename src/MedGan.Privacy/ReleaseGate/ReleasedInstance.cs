using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MedGan.Privacy.ReleaseGate;

/// <summary>
/// An image that passed the gate. Only <see cref="ReleaseGate"/> makes one: by judging, or by opening a seal that it made.
/// </summary>
public sealed class ReleasedInstance
{
    private const string Purpose = "MedGan release seal 1\n";

    private ReleasedInstance(SealedEvidence evidence, string seal)
    {
        ImageId = evidence.ImageId;
        ContentSha256 = evidence.ContentSha256;
        JudgedAt = evidence.JudgedAt;
        Evidence = evidence.Evidence;
        Seal = seal;
    }

    /// <summary>The generated image.</summary>
    public string ImageId { get; }

    /// <summary>SHA-256 of the content that may be published, 64 lower-case hex digits.</summary>
    public string ContentSha256 { get; }

    /// <summary>When the gate judged (UTC).</summary>
    public DateTimeOffset JudgedAt { get; }

    /// <summary>What was measured.</summary>
    public Evidence Evidence { get; }

    /// <summary>All of the above as JSON, with its HMAC-SHA256.</summary>
    public string Seal { get; }

    internal static ReleasedInstance Create(GateKey key, string imageId, string contentSha256, Evidence evidence, DateTimeOffset judgedAt)
    {
        var content = new SealedEvidence(1, imageId, contentSha256.ToLowerInvariant(), judgedAt, evidence);
        string mac = Convert.ToHexStringLower(key.Mac(Message(content)));
        return new ReleasedInstance(content, JsonSerializer.Serialize(new SealForm(content, mac), GateJson.Canonical));
    }

    internal static ReleasedInstance Open(GateKey key, string sealJson, ReadOnlySpan<byte> content)
    {
        SealForm form;
        byte[] mac;
        try
        {
            form = JsonSerializer.Deserialize<SealForm>(sealJson, GateJson.Canonical) ?? throw new SealBrokenException("The seal is empty.");
            mac = Convert.FromHexString(form.HmacSha256);
        }
        catch (Exception error) when (error is JsonException or FormatException or ArgumentNullException)
        {
            throw new SealBrokenException("The seal cannot be read.");
        }
        if (form.Released is null || !CryptographicOperations.FixedTimeEquals(mac, key.Mac(Message(form.Released))))
            throw new SealBrokenException("The seal was not made with this gate's key, or was changed.");
        if (Convert.ToHexStringLower(SHA256.HashData(content)) != form.Released.ContentSha256)
            throw new SealBrokenException("The content is not what was released.");
        return new ReleasedInstance(form.Released, sealJson);
    }

    private static byte[] Message(SealedEvidence content) =>
        Encoding.UTF8.GetBytes(Purpose + JsonSerializer.Serialize(content, GateJson.Canonical));

    private sealed record SealForm(SealedEvidence Released, string HmacSha256);

    private sealed record SealedEvidence(int Version, string ImageId, string ContentSha256, DateTimeOffset JudgedAt, Evidence Evidence);
}

/// <summary>A seal that does not hold: changed, of another key, or for other content.</summary>
public sealed class SealBrokenException(string message) : Exception(message);

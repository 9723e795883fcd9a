using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace MedGan.Dicom.Synthetic;

/// <summary>Unique identifiers of synthetic objects: a UUID under 2.25 (PS3.5 B.2), version 8 (RFC 9562), from SHA-256 of what the object is.</summary>
public static class SyntheticUid
{
    /// <summary>The same purpose and parts give the same UID.</summary>
    /// <param name="purpose">What is named: "study", "series", "instance".</param>
    /// <param name="parts">Identifiers of our own - never an original UID.</param>
    public static string Create(string purpose, params string[] parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in (string[])["MedGan.SyntheticUid", purpose, .. parts])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        var uuid = hash.GetHashAndReset().AsSpan(0, 16);
        uuid[6] = (byte)(uuid[6] & 0x0F | 0x80);
        uuid[8] = (byte)(uuid[8] & 0x3F | 0x80);
        return "2.25." + new BigInteger(uuid, isUnsigned: true, isBigEndian: true);
    }
}

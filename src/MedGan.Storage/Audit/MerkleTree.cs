using System.Security.Cryptography;

namespace MedGan.Storage.Audit;

/// <summary>The Merkle tree of RFC 6962, section 2.1, over SHA-256.</summary>
public static class MerkleTree
{
    /// <summary>SHA-256(0x00 || leaf).</summary>
    public static byte[] LeafHash(ReadOnlySpan<byte> leaf) => Prefixed(0, leaf, []);

    /// <summary>The tree head of the leaf hashes; of none: SHA-256 of the empty string.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> leafHashes) =>
        leafHashes.Count == 0 ? SHA256.HashData([]) : Subtree(leafHashes, 0, leafHashes.Count);

    private static byte[] Subtree(IReadOnlyList<byte[]> hashes, int from, int to)
    {
        if (to - from == 1) return hashes[from];
        var middle = from + LargestPowerBelow(to - from);
        return NodeHash(Subtree(hashes, from, middle), Subtree(hashes, middle, to));
    }

    private static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Prefixed(1, left, right);

    private static byte[] Prefixed(byte prefix, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([prefix]);
        hash.AppendData(first);
        hash.AppendData(second);
        return hash.GetHashAndReset();
    }

    private static int LargestPowerBelow(int count)
    {
        var power = 1;
        while (power * 2 < count) power *= 2;
        return power;
    }
}

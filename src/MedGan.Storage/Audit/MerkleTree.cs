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

    /// <summary>The audit path of leaf <paramref name="index"/> (RFC 6962, 2.1.1), from the leaf upwards.</summary>
    public static IReadOnlyList<byte[]> InclusionProof(IReadOnlyList<byte[]> leafHashes, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leafHashes.Count);
        var path = new List<byte[]>();
        var (from, to) = (0, leafHashes.Count);
        while (to - from > 1)
        {
            var middle = from + LargestPowerBelow(to - from);
            if (index < middle)
            {
                path.Add(Subtree(leafHashes, middle, to));
                to = middle;
            }
            else
            {
                path.Add(Subtree(leafHashes, from, middle));
                from = middle;
            }
        }
        path.Reverse();
        return path;
    }

    /// <summary>Whether the path leads from the leaf hash to the root of a tree of that size.</summary>
    public static bool IsIncluded(ReadOnlySpan<byte> leafHash, long index, long size, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size) return false;
        var (node, last) = (index, size - 1);
        var hash = leafHash.ToArray();
        foreach (var sibling in path)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = NodeHash(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                hash = NodeHash(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && hash.AsSpan().SequenceEqual(root);
    }

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

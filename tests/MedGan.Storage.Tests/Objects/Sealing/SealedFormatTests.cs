using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MedGan.Storage.Keys;
using MedGan.Storage.Objects;
using MedGan.Storage.Objects.Sealing;

namespace MedGan.Storage.Tests.Objects.Sealing;

/// <summary>The format of docs/adr/0010: against a reader of its own, and against everything that somebody with the bytes but no key could do.</summary>
public sealed class SealedFormatTests
{
    private const string Project = "head", Name = "0123/ab/cdef";
    private const int Header = 108, Chunk = 65_536, Tag = 16;

    private static readonly byte[] master = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];
    private static readonly ObjectKeyRing keys = new([master]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(3 * Chunk)]
    [InlineData(200_000)]
    public async Task Sealed_OpensWithAReaderWrittenFromTheFormatAlone_AndWithOurs(int length)
    {
        var content = Content(length);
        var (bytes, sha256) = Seal(content);
        Assert.Equal(Header + length + Tag * Math.Max(1, (length + Chunk - 1) / Chunk), bytes.Length);
        Assert.Equal(content, IndependentReader(bytes, master, Project, Name));
        Assert.Equal(content, await OpenAsync(bytes));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), sha256);
    }

    /// <summary>Uses nothing of MedGan's.</summary>
    private static byte[] IndependentReader(byte[] file, byte[] masterKey, string project, string name)
    {
        Assert.Equal("MGSEAL01", Encoding.ASCII.GetString(file, 0, 8));
        Assert.Equal(HMACSHA256.HashData(masterKey, Encoding.ASCII.GetBytes("medgan/objects/v1/key-id"))[..8], file[8..16]);
        var chunkBytes = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(16));
        var salt = file[20..52];
        byte[] Derive(byte[] key, byte[] salt, string info) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, salt, Encoding.UTF8.GetBytes(info));
        var projectKey = Derive(masterKey, [], "medgan/objects/v1/project\0" + project);
        var secret = new byte[40];
        using (var gcm = new AesGcm(Derive(projectKey, salt, "medgan/objects/v1/header"), 16))
            gcm.Decrypt(new byte[12], file[52..92], file[92..108], secret, (byte[])[.. file[..52], .. Encoding.UTF8.GetBytes(project + "\0" + name)]);
        var length = BinaryPrimitives.ReadInt64LittleEndian(secret);
        var content = new byte[length];
        using (var gcm = new AesGcm(Derive(projectKey, salt, "medgan/objects/v1/chunks"), 16))
            for (long number = 0, at = Header, done = 0; number == 0 || done < length; number++)
            {
                var part = (int)Math.Min(chunkBytes, length - done);
                byte[] nonce = [0, 0, 0, .. BitConverter.GetBytes(number).Reverse(), (byte)(done + part == length ? 1 : 0)];
                gcm.Decrypt(nonce, file.AsSpan((int)at, part), file.AsSpan((int)at + part, 16), content.AsSpan((int)done, part));
                (at, done) = (at + part + 16, done + part);
            }
        Assert.Equal(SHA256.HashData(content), secret[8..]);
        return content;
    }

    [Fact]
    public async Task Changed_AnyBitOfTheHeaderOrOfAChunkOrItsTag_IsNoticed()
    {
        var content = Content(Chunk + 100);
        var (bytes, _) = Seal(content);
        int[] places = [.. Enumerable.Range(0, Header), Header, Header + 5000, Header + Chunk - 1, Header + Chunk, Header + Chunk + Tag - 1, Header + Chunk + Tag, bytes.Length - Tag - 1, bytes.Length - Tag, bytes.Length - 1];
        foreach (var place in places)
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])bytes.Clone();
                changed[place] ^= (byte)(1 << bit);
                // A changed key id names a key that is not here.
                if (place is >= 8 and < 16) await Assert.ThrowsAsync<ObjectKeyMissingException>(() => OpenAsync(changed));
                else await RefusedAsync(changed, content);
            }
    }

    [Fact]
    public async Task CutOff_AtEveryChunkBorderAndInBetween_IsNoticed()
    {
        var content = Content(3 * Chunk);
        var (bytes, _) = Seal(content);
        foreach (var kept in new[] { 0, 50, Header - 1, Header, Header + 100, Header + Chunk + Tag, Header + 2 * (Chunk + Tag), bytes.Length - 1 })
            await RefusedAsync(bytes[..kept], content);
    }

    [Fact]
    public async Task Appended_RepeatedOrReorderedChunks_AreNoticed()
    {
        var content = Content(3 * Chunk);
        var (bytes, _) = Seal(content);
        byte[] At(int chunk) => bytes.AsSpan(Header + chunk * (Chunk + Tag), Chunk + Tag).ToArray();
        byte[][] forgeries =
        [
            [.. bytes, 0],
            [.. bytes, .. At(2)],
            [.. bytes[..Header], .. At(1), .. At(0), .. At(2)],
            [.. bytes[..Header], .. At(0), .. At(0), .. At(2)],
            [.. bytes[..Header], .. At(0), .. At(2)],
            [.. bytes[..Header], .. At(0), .. At(1), .. At(1)],
        ];
        foreach (var forged in forgeries) await RefusedAsync(forged, content);
    }

    [Fact]
    public async Task Moved_ToAnotherNameOrProject_OrMixedWithAnotherObject_IsNoticed()
    {
        var content = Content(Chunk + 10);
        var (bytes, _) = Seal(content);
        var (other, _) = Seal(Content(Chunk + 10));
        await Assert.ThrowsAsync<ObjectDamagedException>(() => OpenAsync(bytes, name: "0123/ab/other"));
        await Assert.ThrowsAsync<ObjectDamagedException>(() => OpenAsync(bytes, project: "another"));
        await RefusedAsync([.. other[..Header], .. bytes[Header..]], content);
        await RefusedAsync([.. bytes[..(Header + Chunk + Tag)], .. other[(Header + Chunk + Tag)..]], content);
    }

    [Fact]
    public void SameContentTwice_HasNothingInCommon()
    {
        var content = new byte[4 * Chunk];
        var (first, _) = Seal(content);
        var (second, _) = Seal(content);
        var blocks = first.Chunk(16).Concat(second.Chunk(16)).Skip(2).Select(Convert.ToHexString).Where(block => block.Length == 32).ToList();
        Assert.True(blocks.Distinct().Count() > blocks.Count - 8, "blocks repeat"); // the two headers begin alike
    }

    [Fact]
    public async Task NewMasterKey_SealsWhatIsNew_AndOldObjectsStillOpen()
    {
        var content = Content(1000);
        var (old, _) = Seal(content);
        var rotated = new ObjectKeyRing([RandomNumberGenerator.GetBytes(32), master]);
        var (fresh, _) = Seal(content, rotated);
        Assert.NotEqual(old[8..16], fresh[8..16]);
        Assert.Equal(content, await OpenAsync(old, ring: rotated));
        Assert.Equal(content, await OpenAsync(fresh, ring: rotated));
        var missing = await Assert.ThrowsAsync<ObjectKeyMissingException>(() => OpenAsync(fresh));
        Assert.Contains(Convert.ToHexStringLower(fresh[8..16]), missing.Message);
    }

    [Fact]
    public async Task Opened_CanBeReadFromAnywhereInAnyOrder()
    {
        var content = Content(3 * Chunk + 777);
        var (bytes, _) = Seal(content);
        await using var stream = await StreamAsync(bytes);
        var random = new Random(3);
        var buffer = new byte[90_000];
        for (var round = 0; round < 200; round++)
        {
            var at = random.Next(content.Length);
            stream.Position = at;
            var wanted = Math.Min(random.Next(1, buffer.Length), content.Length - at);
            if (round % 2 == 0) await stream.ReadExactlyAsync(buffer.AsMemory(0, wanted), Ct);
            else stream.ReadExactly(buffer.AsSpan(0, wanted));
            Assert.True(buffer.AsSpan(0, wanted).SequenceEqual(content.AsSpan(at, wanted)));
        }
        stream.Position = content.Length + 5;
        Assert.Equal(0, stream.Read(buffer));
    }

    /// <summary>Two gigabytes and a little, so that nothing counts in 32 bits.</summary>
    [Fact]
    public async Task TwoGigabytes_AreSealedAndOpenedInLittleMemory()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var part = Content(1 << 20);
            const int Parts = 2049;
            var before = GC.GetAllocatedBytesForCurrentThread();
            long allocated;
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
            {
                using var sealing = new SealingStream(file, keys, Project);
                for (var i = 0; i < Parts; i++) sealing.Write(part);
                sealing.Finish(Project, Name);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }
            Task<Stream> ReadFrom(long offset, CancellationToken ct) =>
                Task.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0) { Position = offset });
            await using (var opened = await OpeningStream.OpenAsync(ReadFrom, keys, Project, Name, Ct))
            {
                Assert.Equal((long)Parts << 20, opened.Length);
                var read = new byte[part.Length];
                before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < Parts; i++)
                {
                    opened.ReadExactly(read);
                    Assert.True(read.AsSpan().SequenceEqual(part));
                }
                Assert.Equal(-1, opened.ReadByte());
                opened.Position = (2048L << 20) + 17; // behind 2^31
                Assert.Equal(part[17], opened.ReadByte());
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            }
            Assert.True(allocated < 1 << 20, $"{allocated} bytes were allocated");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Whoever reads gets an exception, and before it at most a true beginning of the content.</summary>
    private static async Task RefusedAsync(byte[] forged, byte[] content)
    {
        var got = new MemoryStream();
        await Assert.ThrowsAsync<ObjectDamagedException>(async () =>
        {
            await using var stream = await StreamAsync(forged);
            await stream.CopyToAsync(got, Ct);
        });
        Assert.True(got.Length < content.Length && content.AsSpan(0, (int)got.Length).SequenceEqual(got.ToArray()), "bytes that nobody sealed were handed out");
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }

    private static (byte[] Bytes, string Sha256) Seal(byte[] content, ObjectKeyRing? ring = null)
    {
        var file = new MemoryStream();
        using var sealing = new SealingStream(file, ring ?? keys, Project);
        var random = new Random(5);
        for (var at = 0; at < content.Length;) // in pieces of any size
        {
            var piece = Math.Min(random.Next(1, 50_000), content.Length - at);
            sealing.Write(content, at, piece);
            at += piece;
        }
        var sha256 = sealing.Finish(Project, Name);
        return (file.ToArray(), sha256);
    }

    private static Task<OpeningStream> StreamAsync(byte[] bytes, string project = Project, string name = Name, ObjectKeyRing? ring = null) => OpeningStream.OpenAsync(
        (offset, _) => Task.FromResult<Stream>(new MemoryStream(bytes, (int)Math.Min(offset, bytes.Length), (int)Math.Max(0, bytes.Length - offset))), ring ?? keys, project, name, Ct);

    private static async Task<byte[]> OpenAsync(byte[] bytes, string project = Project, string name = Name, ObjectKeyRing? ring = null)
    {
        await using var stream = await StreamAsync(bytes, project, name, ring);
        var content = new MemoryStream();
        await stream.CopyToAsync(content, Ct);
        return content.ToArray();
    }
}

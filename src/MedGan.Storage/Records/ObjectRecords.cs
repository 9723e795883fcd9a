namespace MedGan.Storage.Records;

/// <summary>What a stored object is called here, and which object it is. Objects that no row names are removed.</summary>
public sealed class StoredObjectRecord
{
    /// <summary>How other rows name it, with forward slashes: "work/JOB/SERIES.volume", "objects/PROJECT/SHA256".</summary>
    public required string Path { get; init; }
    /// <summary>The project, whose key seals it.</summary>
    public required string Project { get; init; }
    /// <summary>Its name in the object store: random, so that whoever sees it learns nothing of the content.</summary>
    public required string Name { get; set; }
    /// <summary>SHA-256 of the content, lower-case hex.</summary>
    public required string Sha256 { get; set; }
    /// <summary>Size of the content, bytes.</summary>
    public required long Bytes { get; set; }
    /// <summary>When it was stored.</summary>
    public required DateTimeOffset StoredAt { get; set; }
}

/// <summary>A process that puts objects into the store; their names begin with its id. What it placed and never named is removed once it has ended.</summary>
public sealed class StoreWriterRecord
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }
    /// <summary>Its scratch folder, by which a process beside it can tell at once that it has died.</summary>
    public required string Scratch { get; init; }
    /// <summary>When it was last heard of.</summary>
    public required DateTimeOffset SeenAt { get; set; }
    /// <summary>It has ended, or was taken for dead: from here on it can name nothing.</summary>
    public required bool Ended { get; set; }
}

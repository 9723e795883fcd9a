namespace MedGan.Storage.Outbox;

/// <summary>An event that was written in the transaction of the change it tells of, and is or will be published.</summary>
public sealed class OutboxRecord
{
    /// <summary>Growing; events are published in this order by one publisher.</summary>
    public long Id { get; init; }
    /// <summary>Names the message at the broker: two with the same id are the same event.</summary>
    public required Guid MessageId { get; init; }
    /// <summary>Name of the contract.</summary>
    public required string Type { get; init; }
    /// <summary>The project it is about.</summary>
    public required string Project { get; init; }
    /// <summary>The message, JSON: identifiers of ours and figures only.</summary>
    public required string Body { get; init; }
    /// <summary>What set off the chain of jobs that it ends.</summary>
    public required Guid CorrelationId { get; init; }
    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>A publisher has taken it until then, by the database's clock.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }
    /// <summary>When the broker confirmed it.</summary>
    public DateTimeOffset? PublishedAt { get; set; }
}

/// <summary>A message that a consumer has dealt with; written in the transaction of its effect, so that a second delivery has none.</summary>
public sealed class InboxRecord
{
    /// <summary>The message's id.</summary>
    public required Guid MessageId { get; init; }
    /// <summary>Which consumer dealt with it.</summary>
    public required string Consumer { get; init; }
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}

using MassTransit;

namespace MedGan.Jobs.Messages;

/// <summary>Asks for a synthetic set, as POST .../generations does.</summary>
/// <param name="Project">The project.</param>
/// <param name="Training">A completed training of it.</param>
[EntityName("medgan.request-synthetic-set.v1")]
public sealed record RequestSyntheticSet(string Project, Guid Training);

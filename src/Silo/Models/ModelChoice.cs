using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Models;

/// <summary>A model and a routing, exactly.</summary>
/// <param name="Model">The weights.</param>
/// <param name="Routing">The routing.</param>
public sealed record ModelChoice(ModelSpec Model, RoutingSpec Routing);

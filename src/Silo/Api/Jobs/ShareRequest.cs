namespace Dpvr.Silo.Api.Jobs;

/// <summary>A job's new share; what is left out stays.</summary>
/// <param name="Weight">Share of accelerator time among jobs of the same priority; 0.001 to 1000.</param>
/// <param name="Priority">Higher comes first, strictly; -1000 to 1000.</param>
public sealed record ShareRequest(double? Weight, int? Priority);

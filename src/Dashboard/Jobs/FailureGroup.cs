namespace Dpvr.Dashboard.Jobs;

/// <summary>Requests that failed with one code.</summary>
/// <param name="Code">One of <see cref="Dpvr.Contracts.Results.ErrorCodes"/>.</param>
/// <param name="Count">How many.</param>
/// <param name="Items">The first of them.</param>
public sealed record FailureGroup(string Code, long Count, IReadOnlyList<FailedItem> Items);

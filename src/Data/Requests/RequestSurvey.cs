using Dpvr.Contracts.Jobs;

namespace Dpvr.Data.Requests;

/// <summary>What the rows of a source of requests need, without what each of them says.</summary>
/// <param name="Rows">Rows, good and bad.</param>
/// <param name="Limits">The room that the longest prompt and the longest answer need.</param>
public sealed record RequestSurvey(long Rows, RequestLimits Limits);

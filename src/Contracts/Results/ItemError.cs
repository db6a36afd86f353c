namespace Dpvr.Contracts.Results;

/// <summary>Why something could not be done, as a value.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">For people; holds no secret.</param>
[GenerateSerializer, Immutable, Alias("dpvr.ItemError")]
public sealed record ItemError([property: Id(0)] string Code, [property: Id(1)] string Message);

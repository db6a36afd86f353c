namespace Dpvr.Dashboard.Live;

/// <summary>What a look brought: a value, or why there is none.</summary>
internal sealed record Seen<TValue>(TValue? Value, Exception? Fault);

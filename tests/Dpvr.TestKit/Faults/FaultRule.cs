using Microsoft.AspNetCore.Http;

namespace Dpvr.TestKit.Faults;

/// <summary>When a proxy does what.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="When">Which requests it is for; null for all.</param>
public sealed record FaultRule(FaultKind Kind, Func<HttpRequest, bool>? When = null)
{
    /// <summary>Share of those requests, drawn by the proxy's seed. Default: 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>How often at most. Default: without end.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>Status of an <see cref="FaultKind.Answer"/>. Default: 503.</summary>
    public int Status { get; init; } = StatusCodes.Status503ServiceUnavailable;

    /// <summary>Retry-After of an <see cref="FaultKind.Answer"/>, in whole seconds. Default: none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The pause before each byte of a <see cref="FaultKind.Trickle"/>. Default: 1 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);
}

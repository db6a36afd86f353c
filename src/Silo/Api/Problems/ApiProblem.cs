namespace Dpvr.Silo.Api.Problems;

/// <summary>Why a call was refused, as the body of <c>application/problem+json</c> (RFC 9457).</summary>
public sealed record ApiProblem
{
    /// <summary>Always <c>about:blank</c>: <see cref="Code"/> says which problem it is.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The status in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>One word for programs.</summary>
    public required string Code { get; init; }

    /// <summary>For people: what is wrong and what is allowed.</summary>
    public required string Detail { get; init; }

    /// <summary>The member of the body, or the parameter, that is wrong.</summary>
    public string? Field { get; init; }

    /// <summary>What it says.</summary>
    public string? Value { get; init; }

    /// <summary>What it may say.</summary>
    public string? Allowed { get; init; }

    /// <summary>The job that it is about.</summary>
    public string? Job { get; init; }
}

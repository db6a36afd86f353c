namespace Dpvr.Hosting.Auth;

/// <summary>What is kept of a key: the blob <c>keys/{id}.json</c>.</summary>
public sealed record ApiKeyRecord
{
    /// <summary>The public part.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the secret part, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="ApiScope"/>.</summary>
    public required string Scope { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it ends; null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was revoked; null: it is valid.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>True when it opens anything now.</summary>
    public bool IsValid(DateTimeOffset now) => Revoked is null && (Expires is not { } end || now < end);
}

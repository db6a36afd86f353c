namespace Dpvr.Silo.Api.Files;

/// <summary>An uploaded or made file, as OpenAI's clients read it and as the blob <c>files/{id}/file.json</c> keeps it.</summary>
public sealed record FileObject
{
    /// <summary>Its id: ids sort by time.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>file</c>.</summary>
    public string Object { get; init; } = "file";

    /// <summary>Its size.</summary>
    public required long Bytes { get; init; }

    /// <summary>When it came, in seconds since 1970.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Its name.</summary>
    public required string Filename { get; init; }

    /// <summary><c>batch</c>, <c>batch_output</c>, <c>vision</c> or <c>user_data</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>Always <c>processed</c>: a file is there whole or not at all.</summary>
    public string Status { get; init; } = "processed";

    /// <summary>SHA-256, lower-case hex.</summary>
    public string? Sha256 { get; init; }
}

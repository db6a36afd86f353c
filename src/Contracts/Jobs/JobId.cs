using System.Text.Json.Serialization;
using Dpvr.Contracts.Json;

namespace Dpvr.Contracts.Jobs;

/// <summary>A job's name: 1 to 96 of a-z, 0-9, '-', '_', beginning with a letter or digit. Safe as a folder name and as a URL segment.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.JobId")]
[JsonConverter(typeof(JobIdJsonConverter))]
public readonly record struct JobId
{
    /// <summary>Makes an id of its text.</summary>
    /// <exception cref="FormatException">The text is no job id.</exception>
    public JobId(string value) =>
        Value = IsValid(value) ? value : throw new FormatException($"'{value}' is no job id: 1 to 96 of a-z, 0-9, '-', '_', beginning with a letter or digit.");

    /// <summary>The id's text.</summary>
    [Id(0)] public string Value { get; }

    /// <summary>True when the text can be a job id.</summary>
    public static bool IsValid(string? value) =>
        value is { Length: > 0 and <= 96 }
        && char.IsAsciiLetterOrDigit(value[0])
        && value.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}

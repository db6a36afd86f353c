using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Messages.Windows;

/// <summary>Pictures that came one by one and are one job: its rows are numbered as <see cref="Items"/> are. Kept until all of them are answered.</summary>
internal sealed record WindowRecord
{
    /// <summary>SHA-256 of its messages' keys and of what they ask: the same messages are the same window, and the same job.</summary>
    public required string Id { get; init; }

    /// <summary>The job.</summary>
    public required JobSpec Spec { get; init; }

    public required IReadOnlyList<WindowItem> Items { get; init; }

    /// <summary>Prefix of the blobs that are the window's own.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Folder => FolderOf(Id);

    /// <summary>The job's idempotency key.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => $"window:{Id}";

    public static string FolderOf(string id) => $"windows/{id}/";
}

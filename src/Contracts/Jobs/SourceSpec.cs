namespace Dpvr.Contracts.Jobs;

/// <summary>Where a job's pictures are.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.SourceSpec")]
public sealed record SourceSpec
{
    /// <summary><c>folder</c> (pictures under <see cref="Root"/>), <c>jsonl</c> (<see cref="Root"/> is a manifest file), <c>blobs</c> (<see cref="Root"/> is a location in a blob store, without any secret) or <c>requests</c> (<see cref="Root"/> is a file of requests, or <c>store:key</c> for one in the job's own store). Default: <c>folder</c>.</summary>
    [Id(0)] public string Kind { get; init; } = SourceKinds.Folder;

    /// <summary>The folder or manifest file, as an absolute path; or the location, as <c>azblob://container/prefix</c>.</summary>
    [Id(1)] public required string Root { get; init; }

    /// <summary>Globs under the root (<c>*</c>, <c>?</c>, <c>**/</c>); taken literally, so that files of any extension are read. Empty: every file with a picture's extension. Default: empty.</summary>
    [Id(2)] public IReadOnlyList<string> Globs { get; init; } = [];

    /// <summary>True reads folders within the root too. Default: false.</summary>
    [Id(3)] public bool Recursive { get; init; }
}

using Dpvr.Contracts.Jobs;

namespace Dpvr.Cli.Caption;

/// <summary>What the argument of <c>dpvr caption</c> names.</summary>
internal static class CaptionSource
{
    private const string Requests = ".requests.jsonl", Lines = ".jsonl";

    public static string[] Kinds { get; } = [SourceKinds.Folder, SourceKinds.Jsonl, SourceKinds.Requests];

    /// <exception cref="UsageException">It is not there, or not of the kind.</exception>
    public static string KindOf(string path, string? kind)
    {
        if (!File.Exists(path) && !Directory.Exists(path)) throw new UsageException($"<folder>: '{path}' does not exist; allowed: a folder with pictures.");
        kind ??= !File.Exists(path) ? SourceKinds.Folder
            : path.EndsWith(Requests, StringComparison.OrdinalIgnoreCase) ? SourceKinds.Requests
            : path.EndsWith(Lines, StringComparison.OrdinalIgnoreCase) ? SourceKinds.Jsonl
            : throw new UsageException($"<folder>: '{path}' is a file; allowed: a folder with pictures, a *.requests.jsonl or another *.jsonl, or any file with --source-kind.");
        if (kind == SourceKinds.Folder && File.Exists(path)) throw new UsageException($"<folder>: '{path}' is a file; allowed with --source-kind folder: a folder with pictures.");
        if (kind != SourceKinds.Folder && !File.Exists(path)) throw new UsageException($"<folder>: '{path}' is a folder; allowed with --source-kind {kind}: a file.");
        return kind;
    }

    /// <summary>A name for its output.</summary>
    public static string NameOf(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        foreach (var end in (string[])[Requests, Lines])
            if (File.Exists(path) && name.Length > end.Length && name.EndsWith(end, StringComparison.OrdinalIgnoreCase))
                return name[..^end.Length];
        return name;
    }
}

using Dpvr.Contracts.Jobs;
using Dpvr.Data.Sources;

namespace Dpvr.Silo.Intake;

/// <summary>The folders that submitters may name. They know names; paths, and what lies outside, stay the server's own.</summary>
public sealed class SourceRoots
{
    private readonly SortedDictionary<string, string> _roots = new(StringComparer.Ordinal);

    /// <summary>Takes the roots, each a name and a folder.</summary>
    public SourceRoots(IEnumerable<KeyValuePair<string, string>> roots)
    {
        ArgumentNullException.ThrowIfNull(roots);
        foreach (var (name, path) in roots) _roots.Add(name, ContainedPath.RealOf(path));
    }

    /// <summary>The names.</summary>
    public IReadOnlyCollection<string> Names => _roots.Keys;

    /// <summary>The source that a request means, below a root even when links are followed.</summary>
    /// <exception cref="RefusedException">There is no such root, or the path leaves it.</exception>
    public SourceSpec Resolve(SourceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Root is not { } name || !_roots.TryGetValue(name, out var root))
            throw new RefusedException("source.root", request.Root, _roots.Count > 0 ? $"a root of this server: {string.Join(", ", _roots.Keys)}" : "nothing: this server was started without --roots");
        var globs = request.Globs ?? [];
        if (globs.Count > 64) throw new RefusedException("source.globs", $"{globs.Count} globs", "at most 64");
        for (var i = 0; i < globs.Count; i++)
            if (globs[i] is not { Length: > 0 and <= 512 }) throw new RefusedException($"source.globs[{i}]", globs[i], "a text of 1 to 512 characters");
        if (request.Manifest is { } manifest)
        {
            if (request.Path is not null || globs.Count > 0 || request.Recursive is not null) throw new RefusedException("source.manifest", manifest, "a manifest alone, without path, globs and recursive");
            var file = Below(root, name, manifest, "source.manifest");
            return File.Exists(file) ? new SourceSpec { Kind = SourceKinds.Jsonl, Root = file } : throw new RefusedException("source.manifest", manifest, $"a file below the root {name}");
        }
        var folder = request.Path is { Length: > 0 } path ? Below(root, name, path, "source.path") : root;
        if (!Directory.Exists(folder)) throw new RefusedException("source.path", request.Path ?? "", $"a folder below the root {name}");
        return new SourceSpec { Root = folder, Globs = [.. globs.Select(static g => g!)], Recursive = request.Recursive ?? false };
    }

    /// <summary>The text with the roots' names in the place of their paths.</summary>
    public string Hide(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var (name, path) in _roots.OrderByDescending(static r => r.Value.Length)) text = text.Replace(path, $"{{{name}}}", StringComparison.Ordinal);
        return text;
    }

    private static string Below(string root, string name, string relative, string field) =>
        ContainedPath.TryResolve(root, relative) ?? throw new RefusedException(field, relative, $"a path below the root {name}, links included");
}

using Dpvr.Contracts.Jobs;

namespace Dpvr.Data.Output;

/// <summary>Names of <c>.txt</c> sidecars, as trainers expect them: <c>a/cat.jpg</c> → <c>a/cat.txt</c>; further prompts <c>a/cat.{prompt}.txt</c>; where two pictures would share a name, the later one keeps its extension (<c>a/cat.png.txt</c>).</summary>
internal sealed class SidecarNames(IReadOnlyList<PromptSpec> prompts)
{
    private static readonly HashSet<string> s_ours = new(StringComparer.OrdinalIgnoreCase) { "captions.jsonl", "errors.jsonl", "manifest.json" };
    private readonly Dictionary<string, string> _stems = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name, or null when the id is no path below the output.</summary>
    public string? Of(string customId, string prompt)
    {
        var segments = customId.Split('/');
        if (segments.Any(static s => s is "" or "." or ".." || s.Contains('\0', StringComparison.Ordinal)) || segments[0] == ".dpvr") return null;
        var stem = StemOf(customId);
        var name = prompt == prompts[0].Name ? $"{stem}.txt" : $"{stem}.{Safe(prompt)}.txt";
        return s_ours.Contains(name) ? null : name;
    }

    private string StemOf(string customId)
    {
        var dot = customId.LastIndexOf('.');
        var stem = dot > customId.LastIndexOf('/') + 1 ? customId[..dot] : customId;
        if (_stems.TryGetValue(stem, out var owner)) return owner == customId ? stem : customId;
        _stems.Add(stem, customId);
        return stem;
    }

    private static string Safe(string prompt) => string.Concat(prompt.Select(static c => char.IsLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
}

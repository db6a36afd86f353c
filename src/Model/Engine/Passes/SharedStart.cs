namespace Dpvr.Model.Engine;

/// <summary>
/// The text that prompts begin with before their first image, a system prompt above all: its keys and values are computed once for all that share it. One is kept, the
/// last that was needed. A start that only one prompt has is computed with its prefix.
/// </summary>
internal sealed class SharedStart(PrefixPass pass, KeyValuePlan memory)
{
    /// <summary>Fewer tokens are computed as fast as they are fetched.</summary>
    internal const int Shortest = 16;

    private const int Remembered = 1024;
    private readonly Dictionary<string, int> _met = new(StringComparer.Ordinal);
    private string? _kept;

    /// <summary>Tells of a prompt that begins now.</summary>
    internal void Meet(PromptSplit prompt)
    {
        if (prompt.Start is not { } start) return;
        if (_met.Count >= Remembered) _met.Clear();
        _met[start] = _met.GetValueOrDefault(start) + 1;
    }

    /// <summary>The start that a prompt shares with another; null when it shares none.</summary>
    internal string? Of(PromptSplit prompt) =>
        prompt.Start is { } start && prompt.Layout.Start <= memory.SharedTokens && (start == _kept || _met.GetValueOrDefault(start) > 1) ? start : null;

    /// <summary>Computes what prompts begin with, unless it is there; its length, or 0 when they share none.</summary>
    internal int Prepare(PromptSplit prompt)
    {
        if (Of(prompt) is not { } start) return 0;
        var length = prompt.Layout.Start;
        if (start != _kept)
        {
            _kept = null; // what fails half-way is not kept
            pass.RunShared(prompt.PrefixText[..length]);
            _kept = start;
        }
        return length;
    }
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Dpvr.Model.Engine;

/// <summary>
/// A prompt cut behind its last image. The part up to there, the prefix, depends on nothing that comes later: its keys and values are
/// computed and stored once for all questions about the same images. A prompt without an image has no prefix.
/// </summary>
internal sealed record PromptSplit
{
    /// <summary>Text tokens of the prefix, in order.</summary>
    internal required long[] PrefixText { get; init; }

    internal required PrefixLayout Layout { get; init; }

    /// <summary>What prompts that begin with the same text before their first image have in common; null when that is too short to share, or the prompt ends with its image and so reads more than keys and values.</summary>
    internal required string? Start { get; init; }

    /// <summary>Tokens behind the last image; empty when the prompt ends with one.</summary>
    internal required int[] Suffix { get; init; }

    /// <summary>What prefixes with the same keys and values have in common; null without a prefix.</summary>
    internal required string? Key { get; init; }

    internal int Length => Layout.Length + Suffix.Length;

    internal static PromptSplit Of(GenerationRequest request, int imageToken, int imageTokens)
    {
        var runs = new List<(bool IsImage, int Length)>();
        List<int> before = [], text = [];
        var prompt = request.Prompt;
        for (var i = 0; i < prompt.Count; i++)
        {
            if (prompt[i] != imageToken)
            {
                text.Add(prompt[i]);
                continue;
            }
            var run = 1;
            while (run < imageTokens && i + run < prompt.Count && prompt[i + run] == imageToken) run++;
            if (run == imageTokens) i += run - 1; // already expanded
            if (text.Count > 0) runs.Add((false, text.Count));
            runs.Add((true, imageTokens));
            before.AddRange(text);
            text.Clear();
        }
        var layout = new PrefixLayout([.. runs]);
        return new PromptSplit
        {
            PrefixText = [.. before.Select(t => (long)t)],
            Layout = layout,
            Start = layout.Start < SharedStart.Shortest || text.Count == 0 ? null : string.Join(' ', before.Take(layout.Start)),
            Suffix = [.. text],
            // What such a prompt reads is the prefix's own last output, which is not kept: it shares with nobody.
            Key = layout.Length == 0 ? null : text.Count == 0 ? $"{Guid.NewGuid()}" : KeyOf(layout, before, request.Images),
        };
    }

    private static string KeyOf(PrefixLayout layout, List<int> text, IReadOnlyList<PreparedImage> images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(layout.Signature));
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(text)));
        foreach (var image in images) hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(image.Key)));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}

namespace Dpvr.Scenes;

/// <summary>Reads what a caption of any style claims; words it does not know are claims that cannot be right.</summary>
internal static class CaptionParser
{
    private static readonly char[] Space = [' ', '\t', '\n', '\r'];

    public static ParsedCaption Parse(string caption)
    {
        var parsed = new ParsedCaption();
        foreach (var part in caption.ToLowerInvariant().Split('.', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            ReadSentence(parsed, part);
        return parsed;
    }

    private static void ReadSentence(ParsedCaption parsed, string sentence)
    {
        if (sentence.StartsWith("the ", StringComparison.Ordinal))
        {
            ReadRelation(parsed, sentence);
            return;
        }
        if (sentence.StartsWith("there ", StringComparison.Ordinal))
        {
            var colon = sentence.IndexOf(':');
            var words = (colon < 0 ? sentence : sentence[..colon]).Split(Space, StringSplitOptions.RemoveEmptyEntries);
            parsed.StatedCount = words.Length > 2 ? SceneWords.NumberOf(words[2]) : -1;
            if (colon < 0)
                return;
            sentence = sentence[(colon + 1)..];
        }
        if (sentence.StartsWith("from left to right:", StringComparison.Ordinal))
            sentence = sentence["from left to right:".Length..];

        var on = sentence.IndexOf(" on a ", StringComparison.Ordinal);
        if (on >= 0)
        {
            var words = sentence[(on + 6)..].Split(Space, StringSplitOptions.RemoveEmptyEntries);
            parsed.Pattern = words.ElementAtOrDefault(0) ?? "";
            parsed.Background = words.ElementAtOrDefault(1) ?? "";
            sentence = sentence[..on];
        }
        foreach (var item in sentence.Replace(" and ", ",", StringComparison.Ordinal).Split(',', ';'))
        {
            var words = Words(item);
            if (words.Length > 0)
                parsed.Objects.Add(words.Length == 3 ? (words[0], words[1], words[2]) : Guess(words));
        }
    }

    private static void ReadRelation(ParsedCaption parsed, string sentence)
    {
        foreach (var side in (string[])["above", "below", "left of", "right of"])
        {
            var at = sentence.IndexOf($" is {side} ", StringComparison.Ordinal);
            if (at < 0)
                continue;
            parsed.Relations.Add((Words(sentence[..at]), side, Words(sentence[(at + side.Length + 5)..])));
            return;
        }
        parsed.Relations.Add(([], "", []));
    }

    private static (string, string, string) Guess(string[] words) => (
        words.FirstOrDefault(SceneWords.Sizes.Contains) ?? "",
        words.FirstOrDefault(SceneWords.Colours.Contains) ?? "",
        words.FirstOrDefault(SceneWords.Shapes.Contains) ?? "");

    private static string[] Words(string text) =>
        [.. text.Split(Space, StringSplitOptions.RemoveEmptyEntries).Where(word => word is not ("a" or "an" or "the"))];
}

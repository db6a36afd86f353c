using System.Text.RegularExpressions;

namespace Dpvr.Cli.Caption;

/// <summary>What is asked about every picture, and the name under which the answers stand in the results.</summary>
internal sealed partial record NamedPrompt(string Name, string Text)
{
    /// <summary>
    /// Names the prompts and questions of one command line: <c>name=text</c> as given, others <c>caption</c>, <c>caption2</c>, …
    /// and <c>q1</c>, <c>q2</c>, … in their order.
    /// </summary>
    /// <exception cref="UsageException">Two have the same name, or one has no text.</exception>
    public static IReadOnlyList<NamedPrompt> Parse(IReadOnlyList<string> prompts, IReadOnlyList<string> questions)
    {
        var all = prompts.Select((text, i) => Split(text, "--prompt", i == 0 ? "caption" : $"caption{i + 1}"))
            .Concat(questions.Select((text, i) => Split(text, "--question", $"q{i + 1}"))).ToList();
        foreach (var same in all.GroupBy(p => p.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            throw new UsageException($"two prompts are named '{same.Key}': give each its own name, as in --prompt {same.Key}2=\"{same.Last().Text}\".");
        return all;
    }

    private static NamedPrompt Split(string value, string option, string otherwise)
    {
        var named = Name_().Match(value);
        var (name, text) = named.Success ? (named.Groups[1].Value, value[named.Length..]) : (otherwise, value);
        return text.Trim().Length > 0
            ? new NamedPrompt(name, text.Trim())
            : throw new UsageException($"{option}: '{value}' has no text; allowed: a text, or name=text.");
    }

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9_-]{0,31})=")]
    private static partial Regex Name_();
}

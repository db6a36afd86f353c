using System.Text.Json;
using Dpvr.Model.Tokens;

namespace Dpvr.Model.Tests.Tokens;

/// <summary>
/// A byte-pair encoding of 1,200 pieces trained by SentencePiece 0.1.97 (<c>spm/tokenizer.model</c>), the same converted as
/// <c>transformers</c> converts LLaMA's (<c>hf/tokenizer.json</c>, with <c>&lt;image&gt;</c> 1200 and <c>&lt;pad&gt;</c> 1201), and what SentencePiece itself made of fuzzed input.
/// </summary>
internal static class TokenFixtures
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Tokens", "Fixtures");

    public static string SentencePiece { get; } = Path.Combine(Folder, "spm");

    public static string HuggingFace { get; } = Path.Combine(Folder, "hf");

    /// <summary>Lines <c>["text",id,id,…]</c>.</summary>
    public static List<(string Text, int[] Ids)> Read(string file) =>
        [.. File.ReadLines(Path.Combine(Folder, file)).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return (document.RootElement[0].GetString()!, document.RootElement.EnumerateArray().Skip(1).Select(e => e.GetInt32()).ToArray());
        })];

    public static Tokenizer LoadSentencePiece() => Tokenizer.Load(SentencePiece);

    public static Tokenizer LoadHuggingFace() => Tokenizer.Load(HuggingFace);
}

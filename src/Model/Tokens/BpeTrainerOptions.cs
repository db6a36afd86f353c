namespace Dpvr.Model.Tokens;

/// <summary>How <see cref="BpeTrainer"/> makes a vocabulary.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>Tokens in all: 3 control tokens, 256 bytes, pieces, and the added tokens. Fewer come out when the text has nothing more to merge. Default: 512.</summary>
    public int VocabularySize { get; init; } = 512;

    /// <summary>Tokens after the vocabulary. Default: <c>&lt;image&gt;</c>, <c>&lt;pad&gt;</c>.</summary>
    public IReadOnlyList<string> AddedTokens { get; init; } = ["<image>", "<pad>"];

    /// <summary>A pair that occurs less often is not merged. Default: 2.</summary>
    public int MinimumCount { get; init; } = 2;

    /// <summary>Longest piece in characters. Default: 16, as SentencePiece has it.</summary>
    public int MaximumPieceLength { get; init; } = 16;

    /// <summary>Written into tokenizer_config.json as <c>model_max_length</c>. Default: 2048.</summary>
    public int ModelMaxLength { get; init; } = 2048;
}

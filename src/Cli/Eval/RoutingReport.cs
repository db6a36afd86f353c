namespace Dpvr.Cli.Eval;

/// <summary>One routing's part of the report.</summary>
internal sealed record RoutingReport
{
    public required string Routing { get; init; }

    /// <summary>First layer without pictures, s; null for dense.</summary>
    public int? Saturation { get; init; }

    public required EvalScore Score { get; init; }

    /// <summary>Captions and answers that equal dense's letter by letter; null for dense, and when dense was not run.</summary>
    public Proportion? SameAsDense { get; init; }

    /// <summary>Bytes of keys and values that the engine reserves for a sequence, its picture's among them.</summary>
    public required long KeyValueBytesPerSequence { get; init; }

    /// <summary>Bytes of keys and values of a picture's tokens.</summary>
    public required long KeyValueBytesPerImage { get; init; }

    /// <summary>Operations (two for a multiply-add) from a picture and a caption prompt to the first new token: tower, projector, decoder, head.</summary>
    public required double PrefillFlops { get; init; }

    /// <summary>Those of them that are the decoder's: what routing changes.</summary>
    public required double DecoderPrefillFlops { get; init; }

    /// <summary>Pictures a second through the engine with one caption each, the tower included; decoding and resizing pictures not.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Prompts a second through the engine, all of them.</summary>
    public required double PromptsPerSecond { get; init; }

    /// <summary>Share of the engine's time that went into prefills.</summary>
    public required double PrefillShare { get; init; }

    public required double Seconds { get; init; }
}

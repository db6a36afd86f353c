namespace Dpvr.Model.Checkpoints;

/// <summary>The parts of a LLaVA-1.5 <c>config.json</c> that shape the computation, with the defaults of each model type filled in.</summary>
public sealed partial record LlavaConfig
{
    public required TextConfig Text { get; init; }
    public required VisionConfig Vision { get; init; }

    /// <summary>Token id that stands for an image in a prompt.</summary>
    public required int ImageTokenIndex { get; init; }

    /// <summary>Which hidden state of the tower is used; negative counts from the end. Default: -2.</summary>
    public int VisionFeatureLayer { get; init; } = -2;

    /// <summary>"default" drops the class token, "full" keeps it. Default: "default".</summary>
    public string VisionFeatureSelectStrategy { get; init; } = "default";

    /// <summary>Activation between the projector's two layers. Default: "gelu" (erf).</summary>
    public string ProjectorHiddenAct { get; init; } = "gelu";

    public int? PadTokenId { get; init; }

    /// <summary><c>image_seq_length</c> as the file states it; only kept for other readers, <see cref="ImageTokens"/> is what is computed.</summary>
    public int? ImageSeqLength { get; init; }

    /// <summary>Vision tokens of an image that are kept, those at which the tower's class token looks most; null keeps all. No part of the file. Default: null.</summary>
    public int? VisualTokens { get; init; }

    /// <summary>Vision tokens that the tower makes of one image.</summary>
    public int TowerTokens => Vision.Patches + (VisionFeatureSelectStrategy == "full" ? 1 : 0);

    /// <summary>Tokens that one image takes in the sequence.</summary>
    public int ImageTokens => VisualTokens ?? TowerTokens;

    /// <summary>The same model with fewer vision tokens an image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message says which numbers are allowed.</exception>
    public LlavaConfig Keeping(int? visualTokens)
    {
        if (visualTokens is null) return this;
        if (VisionFeatureSelectStrategy != "default" || VisionFeatureLayer == 0)
            throw new ArgumentOutOfRangeException(nameof(visualTokens), visualTokens, "Vision tokens can be left out only where the tower's features are those of a layer, without its class token.");
        if (visualTokens < 1 || visualTokens > TowerTokens)
            throw new ArgumentOutOfRangeException(nameof(visualTokens), visualTokens, $"This model's tower makes {TowerTokens} vision tokens of an image: allowed are 1 to {TowerTokens}.");
        return this with { VisualTokens = visualTokens };
    }
}

/// <summary>The LLaMA decoder (<c>text_config</c>, model type <c>llama</c>).</summary>
public sealed record TextConfig
{
    public int HiddenSize { get; init; } = 4096;
    public int IntermediateSize { get; init; } = 11008;
    public int Layers { get; init; } = 32;
    public int Heads { get; init; } = 32;
    public int KeyValueHeads { get; init; } = 32;
    public int HeadDim { get; init; } = 128;
    public int VocabularySize { get; init; } = 32000;
    public int MaxPositions { get; init; } = 2048;
    public double RopeTheta { get; init; } = 10000;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
}

/// <summary>The CLIP vision tower (<c>vision_config</c>, model type <c>clip_vision_model</c>).</summary>
public sealed record VisionConfig
{
    public int HiddenSize { get; init; } = 1024;
    public int IntermediateSize { get; init; } = 4096;
    public int Layers { get; init; } = 24;
    public int Heads { get; init; } = 16;
    public int ImageSize { get; init; } = 336;
    public int PatchSize { get; init; } = 14;
    public int Channels { get; init; } = 3;
    public double LayerNormEps { get; init; } = 1e-5;

    /// <summary>"quick_gelu" or "gelu". Default: "quick_gelu".</summary>
    public string HiddenAct { get; init; } = "quick_gelu";

    public int PatchesPerSide => ImageSize / PatchSize;
    public int Patches => PatchesPerSide * PatchesPerSide;
}

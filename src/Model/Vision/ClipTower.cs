using Dpvr.Model.Checkpoints;
using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Vision;

/// <summary>
/// The CLIP vision tower (<c>vision_tower.vision_model.*</c>). Hidden states are numbered 0 = after <c>pre_layrnorm</c>
/// (spelled like this in the published checkpoints), i + 1 = after encoder layer i; layers past the selected state are never run.
/// </summary>
public sealed class ClipTower : IDisposable
{
    private const string Prefix = "vision_tower.vision_model.";
    private readonly VisionConfig _config;
    private readonly Placement _placement;
    private readonly int _selected;
    private readonly bool _dropClass;
    private readonly int? _keep;
    private readonly NamedWeight _class, _patch, _position;
    private readonly LayerNorm _preNorm, _postNorm;
    private readonly ClipLayer[] _layers;

    internal ClipTower(LlavaConfig llava, IWeights weights, Placement placement)
    {
        var config = _config = llava.Vision;
        _placement = placement;
        _selected = llava.VisionFeatureLayer < 0 ? config.Layers + 1 + llava.VisionFeatureLayer : llava.VisionFeatureLayer;
        if (_selected < 0 || _selected > config.Layers)
            throw new CheckpointException($"vision_feature_layer {llava.VisionFeatureLayer} is outside the tower's {config.Layers + 1} hidden states.");
        _dropClass = llava.VisionFeatureSelectStrategy == "default";
        _keep = llava.VisualTokens == llava.TowerTokens ? null : llava.VisualTokens;

        long width = config.HiddenSize;
        _class = WeightCopy.Load(Prefix + "embeddings.class_embedding", placement, weights, width);
        _patch = WeightCopy.Load(Prefix + "embeddings.patch_embedding.weight", placement, weights, width, config.Channels, config.PatchSize, config.PatchSize);
        _position = WeightCopy.Load(Prefix + "embeddings.position_embedding.weight", placement, weights, config.Patches + 1, width);
        _preNorm = new LayerNorm(Prefix + "pre_layrnorm", weights, placement, width, config.LayerNormEps);
        _postNorm = new LayerNorm(Prefix + "post_layernorm", weights, placement, width, config.LayerNormEps);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new ClipLayer(config, $"{Prefix}encoder.layers.{i}.", weights, placement))];
    }

    internal IEnumerable<NamedWeight> Weights =>
        [_class, _patch, _position, .. _preNorm.Weights, .. _layers.SelectMany(l => l.Weights), .. _postNorm.Weights];

    internal IEnumerable<Projection> Projections => _layers.SelectMany(l => l.Projections);

    /// <summary>Pixels (N, 3, S, S) → selected features (N, P, dv), or those of the patches that are kept.</summary>
    /// <param name="pixels">Normalised pixels.</param>
    /// <param name="probe">Told every hidden state (N, P+1, dv) by its number; null in normal use.</param>
    internal Tensor Forward(Tensor pixels, Action<int, Tensor>? probe = null)
    {
        using var scope = NewDisposeScope();
        long images = pixels.shape[0], width = _config.HiddenSize, side = _config.PatchesPerSide, patch = _config.PatchSize;
        // (N, 3, S, S) → (N, 3, h, p, w, p) → (N, h·w, 3·p·p): a convolution whose stride is its kernel is one product
        var patches = pixels.to(_placement.Dtype).view(images, _config.Channels, side, patch, side, patch).permute(0, 2, 4, 1, 3, 5).reshape(images, side * side, -1);
        var embedded = nn.functional.linear(patches, _patch.Storage.view(width, -1)); // (N, P, dv)
        var hidden = cat([_class.Storage.expand(images, 1, width), embedded], 1).Plus(_position.Storage); // (N, P+1, dv)
        hidden = _preNorm.Apply(hidden);
        probe?.Invoke(0, hidden);
        Tensor? looks = null;
        for (var i = 0; i < _selected; i++)
        {
            (hidden, looks) = _layers[i].Forward(hidden, withClass: _keep is not null && i == _selected - 1);
            probe?.Invoke(i + 1, hidden);
        }
        if (_keep is { } count) return VisualTokens.Keep(hidden.narrow(1, 1, hidden.shape[1] - 1), looks!, count).MoveToOuterDisposeScope();
        return (_dropClass ? hidden.narrow(1, 1, hidden.shape[1] - 1) : hidden).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var weight in (NamedWeight[])[_class, _patch, _position]) weight.Storage.Dispose();
        _preNorm.Dispose();
        _postNorm.Dispose();
        foreach (var layer in _layers) layer.Dispose();
    }
}

using Dpvr.Model.Checkpoints;
using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Vision;

/// <summary>The two-layer projector from vision features into the decoder's stream (<c>multi_modal_projector.*</c>).</summary>
internal sealed class Projector : IDisposable
{
    private readonly Func<Tensor, Tensor> _activation;
    private readonly Projection _first, _second;

    internal Projector(LlavaConfig config, IWeights weights, Placement placement)
    {
        long width = config.Text.HiddenSize;
        _activation = Activation.Named(config.ProjectorHiddenAct);
        _first = new Projection(weights, placement, config.Vision.HiddenSize, bias: true, ("multi_modal_projector.linear_1", width));
        _second = new Projection(weights, placement, width, bias: true, ("multi_modal_projector.linear_2", width));
    }

    internal IEnumerable<NamedWeight> Weights => [.. _first.Weights, .. _second.Weights];

    internal IEnumerable<Projection> Projections => [_first, _second];

    /// <summary>(N, P, dv) → (N, P, D)</summary>
    internal Tensor Forward(Tensor features) => _second.Apply(_activation(_first.Apply(features)));

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }
}

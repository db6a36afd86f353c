using Dpvr.Model.Language;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Golden;

/// <summary>Keeps a copy of everything a decoder shows.</summary>
internal sealed class StageProbe(bool attention) : IDecoderProbe, IDisposable
{
    internal Dictionary<int, Tensor> Hiddens { get; } = [];

    internal Dictionary<int, Tensor> Attentions { get; } = [];

    internal Tensor? Side { get; private set; }

    public bool WantsAttention(int layer) => attention;

    public void Attention(int layer, Tensor probabilities) => Attentions.Add(layer, Copy(probabilities));

    public void Hidden(int layer, Tensor hidden) => Hiddens.Add(layer, Copy(hidden));

    public void SideBranch(Tensor hidden) => Side = Copy(hidden);

    private static Tensor Copy(Tensor tensor) => tensor.clone().DetachFromDisposeScope();

    public void Dispose()
    {
        foreach (var tensor in Hiddens.Values.Concat(Attentions.Values)) tensor.Dispose();
        Side?.Dispose();
    }
}

using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>A weight (out, in) in a form that only its own product reads.</summary>
internal interface IPackedWeight : IDisposable
{
    /// <summary>Memory that it takes.</summary>
    long Bytes { get; }

    /// <summary>(…, in) → (…, out), added to a residual (…, out) where there is one.</summary>
    Tensor Apply(Tensor input, Tensor? residual);
}

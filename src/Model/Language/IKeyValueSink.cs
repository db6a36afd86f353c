using static TorchSharp.torch;

namespace Dpvr.Model.Language;

/// <summary>Receives the keys and values of a prefill.</summary>
internal interface IKeyValueSink
{
    /// <summary>Keys and values (B, Hkv, I + T, Dh) of a layer; the first <paramref name="imageTokens"/> belong to vision tokens.</summary>
    void Store(int layer, Tensor keys, Tensor values, long imageTokens);
}

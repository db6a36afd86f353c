using System.Runtime.Intrinsics;
using Dpvr.Model.Layers;
using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>
/// Attention on the CPU without libtorch: every token reads exactly the keys that it may see, a prefix is read from memory once for all
/// tokens that share it, and what a token gets is computed in the same order whoever its neighbours are.
/// </summary>
internal sealed unsafe class CpuAttention(KeyValueCache cache, ScalarType dtype) : ITokenAttention
{
    internal static bool Serves(Placement placement, int headDim) =>
        placement.Device.type == DeviceType.CPU && NativeTensor.IsAvailable && placement.Dtype is ScalarType.Float32 or ScalarType.BFloat16 && headDim % Vector256<float>.Count == 0 && Vector256.IsHardwareAccelerated;

    public Tensor Attend(int layer, bool seesImages, Tensor queries, StepTokens tokens)
    {
        using var scope = NewDisposeScope();
        var clock = ComputeClock.Start();
        var q = queries.transpose(1, 2).to(ScalarType.Float32).contiguous(); // (1, H, M, Dh) → (1, M, H, Dh)
        int heads = (int)queries.shape[1], dim = (int)queries.shape[3];
        var output = empty([1, tokens.Tokens.Count, (long)heads * dim]);
        var stored = new StoredKeys(cache, layer, NativeTensor.Data(q), NativeTensor.Data(output), heads, dim, seesImages);
        var items = tokens.Groups.Count * stored.KeyHeads;
        void Item(int item)
        {
            var (group, head) = (tokens.Groups[item / stored.KeyHeads], item % stored.KeyHeads);
            if (dtype == ScalarType.BFloat16) HeadAttention<Bfloat16Numbers>.Run(stored, head, tokens, group);
            else HeadAttention<Float32Numbers>.Run(stored, head, tokens, group);
        }
        CpuTeam.For(items, Item);
        GC.KeepAlive(q);
        ComputeClock.Attention(clock);
        return (dtype == ScalarType.Float32 ? output : output.to(dtype)).MoveToOuterDisposeScope();
    }
}

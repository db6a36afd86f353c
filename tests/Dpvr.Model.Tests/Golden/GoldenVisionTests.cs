using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Golden;

public sealed class GoldenVisionTests
{
    public static MatrixTheoryData<string, bool> Weights => new(GoldenFolder.ModelNames, [false, true]);

    [Theory, MemberData(nameof(Weights))]
    public void Forward_OfTowerAndProjector_GivesEveryStoredStage(string model, bool packed)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFolder.Model(model);
        using var llava = golden.Load("dense", packed);
        using var want = golden.OpenVision();
        using var inputs = golden.OpenInputs();
        var pixels = inputs.Read("pixel_values");
        var hidden = new Dictionary<int, Tensor>();
        var selected = llava.Tower.Forward(pixels, (layer, state) => hidden.Add(layer, state.clone().DetachFromDisposeScope()));
        foreach (var name in want.Tensors.Keys)
        {
            var got = name switch
            {
                "selected_features" => selected,
                "projected" => llava.EncodeImages(pixels),
                _ when name.StartsWith("vision_hidden.", StringComparison.Ordinal) && hidden.TryGetValue(int.Parse(name["vision_hidden.".Length..]), out var state) => state,
                _ => throw new InvalidOperationException($"Nobody computes the stage '{name}'."),
            };
            GoldenAssert.Close(got, want.Read(name), what: name);
        }
        foreach (var state in hidden.Values) state.Dispose();
    }
}

using Dpvr.Model.Checkpoints;
using Dpvr.Model.Language;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Golden;

/// <summary>Every stored stage of every case, in both forms of the prompt.</summary>
public sealed class GoldenStageTests
{
    public static TheoryData<string, string, string> Runs => GoldenFolder.Runs();

    public static TheoryData<string, string> IdentityCases => GoldenLlava.IdentityCases();

    [Theory, MemberData(nameof(Runs))]
    public void Forward_WhenRunOnACase_GivesEveryStoredStage(string model, string name, string variant)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFolder.Model(model).Case(name);
        using var want = golden.Open(variant);
        using (var training = golden.Model.Load(variant, packed: false)) Check(training, golden, want, compact: true, _ => true);
        using var engine = golden.Model.Load(variant, packed: true);
        Check(engine, golden, want, compact: false, _ => true);
    }

    [Theory, MemberData(nameof(IdentityCases))]
    public void Forward_WithAnIdentitySideBranchBeforeTheLastLayer_EqualsDense(string model, string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFolder.Model(model).Case(name);
        using var llava = golden.Model.LoadIdentity();
        using var want = golden.Open("dense");
        Check(llava, golden, want, compact: true, stage => !stage.Contains("attention", StringComparison.Ordinal));
    }

    private static void Check(LlavaModel llava, GoldenCase golden, SafetensorsFile want, bool compact, Func<string, bool> chosen)
    {
        var batch = PromptBatch.Of(golden.Prompts(compact), llava.Config.ImageTokenIndex, llava.Config.ImageTokens, CPU);
        var images = golden.Pixels() is { } pixels ? llava.EncodeImages(pixels) : null;
        using var probe = new StageProbe(attention: true);
        var output = llava.Forward(batch, images, Readout.Everything, probe: probe); // (B, I + T, D)
        var stages = new Stages(llava, want, batch, images, probe, output);
        foreach (var name in want.Tensors.Keys.Where(chosen)) stages.Check(name);
    }

    /// <summary>Computed stages by the names that the reference gives them.</summary>
    private sealed class Stages(LlavaModel llava, SafetensorsFile golden, PromptBatch batch, Tensor? images, StageProbe probe, Tensor output)
    {
        private readonly Tensor _mask = golden.Read("attention_mask");
        private readonly ReferenceOrder _order = new(batch, golden.Read("attention_mask"));
        private readonly long _images = batch.ImagePositions?.shape[1] ?? 0;

        internal void Check(string name)
        {
            var want = golden.Read(name);
            if (name.StartsWith("generated", StringComparison.Ordinal) || name is "attention_mask") return; // GoldenGenerationTests; used here
            if (name is "input_ids" or "position_ids")
            {
                GoldenAssert.Close(Prompt(name), want * _mask, rtol: 0, atol: 0, name);
                return;
            }
            GoldenAssert.Close(Compute(name), want, what: name);
        }

        private Tensor Compute(string name) => name switch
        {
            "inputs_embeds" => _order.Place(ImageRows(), llava.Embed(batch.TextIds)),
            "side_out" => probe.Side is null ? zeros(batch.Images.Count, _mask.shape[1], llava.Config.Text.HiddenSize) : _order.Place(probe.Side, null),
            "fusion_in" => FusionIn(),
            "final_norm" => _order.PlaceJoint(llava.Decoder.FinalNorm(output), _images),
            "logits" => _order.PlaceJoint(llava.Logits(output), _images),
            "logits_last" => LastLogits(),
            "text_to_image_attention" => stack([.. Enumerable.Range(0, batch.Images.Count).Select(AttentionCurve)]),
            _ when name.StartsWith("hidden.", StringComparison.Ordinal) => Hidden(Layer(name)),
            _ when name.StartsWith("attention.", StringComparison.Ordinal) => _order.Attention(probe.Attentions[Layer(name)][0], _images).unsqueeze(0),
            _ => throw new InvalidOperationException($"Nobody computes the stage '{name}'."),
        };

        private static int Layer(string name) => int.Parse(name[(name.IndexOf('.') + 1)..]);

        private Tensor Prompt(string name)
        {
            var imageValue = name == "input_ids" ? batch.ImagePositions is null ? null : full_like(batch.ImagePositions, llava.Config.ImageTokenIndex) : batch.ImagePositions;
            return _order.Place(imageValue?.unsqueeze(2), (name == "input_ids" ? batch.TextIds : batch.TextPositions).unsqueeze(2)).squeeze(2);
        }

        private Tensor? ImageRows()
        {
            if (images is null) return null;
            var rows = zeros(batch.Images.Count, _images, images.shape[2]);
            var next = 0;
            for (var r = 0; r < batch.Images.Count; r++)
                for (var i = 0; i < batch.Images[r]; i++)
                    rows[r].narrow(0, i * images.shape[1], images.shape[1]).copy_(images[next++]);
            return rows;
        }

        private Tensor Hidden(int layer)
        {
            var hidden = probe.Hiddens[layer];
            return llava.Plan.SeesImages(layer) ? _order.PlaceJoint(hidden, _images) : _order.Place(null, hidden);
        }

        private Tensor FusionIn()
        {
            var before = probe.Hiddens[llava.Plan.Fusion - 1];
            var text = llava.Plan.SeesImages(llava.Plan.Fusion - 1) ? before.narrow(1, _images, before.shape[1] - _images) : before;
            return _order.Place(probe.Side, text);
        }

        private Tensor LastLogits()
        {
            var last = llava.Logits(llava.Forward(batch, images, Readout.Last)).squeeze(1); // (B, V)
            GoldenAssert.Close(last, llava.Logits(output)[arange(last.shape[0]), batch.Last], what: "the last position on its own");
            var text = llava.Forward(batch, images, Readout.Text);
            GoldenAssert.Close(text * batch.TextValid.unsqueeze(2), output.narrow(1, _images, text.shape[1]) * batch.TextValid.unsqueeze(2), what: "text positions on their own");
            return last;
        }

        private Tensor AttentionCurve(int row)
        {
            var (image, after) = _order.Sources(row, _images);
            if (image.Length == 0 || after.Length == 0) return zeros(llava.Config.Text.Layers);
            return stack([.. Enumerable.Range(0, llava.Config.Text.Layers).Select(layer =>
                probe.Attentions[layer][row].index_select(1, tensor(after)).index_select(2, tensor(image)).sum(-1).mean())]);
        }
    }
}

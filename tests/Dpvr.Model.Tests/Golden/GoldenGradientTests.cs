using System.Text.Json;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Language;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Golden;

/// <summary>One training step of a side branch with everything else frozen.</summary>
public sealed class GoldenGradientTests
{
    private const string Step = "side_branch_step";

    public static TheoryData<string> Models => [.. GoldenFolder.ModelNames.Where(m => File.Exists(Path.Combine(GoldenFolder.Root, m, "grad", Step + ".json")))];

    [Theory, MemberData(nameof(Models))]
    public void Backward_OfTheReferenceLoss_GivesTheReferenceGradients(string model)
    {
        using var scope = NewDisposeScope();
        using var run = new Run(model);
        var loss = run.Loss(out var logits);
        GoldenAssert.Close(logits, run.Golden.Read("target_logits"), what: "target_logits");
        Close(loss.item<float>(), run.Golden.Read("loss").item<float>(), 1e-5, "loss");
        loss.backward();

        var gradients = run.Golden.Tensors.Keys.Where(k => k.StartsWith("grad.", StringComparison.Ordinal)).ToArray();
        gradients.Should().HaveCount(run.Llava.SideBranchWeights.Count());
        foreach (var weight in run.Llava.SideBranchWeights)
            GoldenAssert.Close(weight.PartOf(weight.Storage.grad!), run.Golden.Read("grad." + weight.Name), atol: 1e-6, what: "gradient of " + weight.Name);
        run.Llava.Weights.Should().OnlyContain(w => ReferenceEquals(w.Storage.grad, null), because: "everything but the side branch is frozen");
    }

    [Theory, MemberData(nameof(Models))]
    public void SgdStep_OnTheSideBranch_GivesTheReferenceWeightsAndLoss(string model)
    {
        using var scope = NewDisposeScope();
        using var run = new Run(model);
        var expected = run.Expected.GetProperty("sgd");
        using var optimizer = optim.SGD(run.Parameters, expected.GetProperty("lr").GetDouble());
        run.Loss(out _).backward();
        optimizer.step();
        foreach (var name in run.Golden.Tensors.Keys.Where(k => k.StartsWith("sgd.", StringComparison.Ordinal)))
        {
            var weight = run.Llava.SideBranchWeights.Single(w => "sgd." + w.Name == name);
            GoldenAssert.Close(weight.PartOf(weight.Storage), run.Golden.Read(name), atol: 1e-6, what: name);
        }
        Close(run.Loss(out _).item<float>(), expected.GetProperty("loss_after_1_step").GetDouble(), 1e-5, "loss after one step");
    }

    [Theory, MemberData(nameof(Models))]
    public void AdamWSteps_OnTheSideBranch_GiveTheReferenceLosses(string model)
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Root, model, "grad", Step + ".json")));
        var variants = settings.RootElement.EnumerateObject().Where(p => p.Name.StartsWith("adamw", StringComparison.Ordinal)).ToArray();
        variants.Should().NotBeEmpty();
        foreach (var variant in variants)
        {
            using var scope = NewDisposeScope();
            using var run = new Run(model);
            var betas = variant.Value.GetProperty("betas");
            using var optimizer = optim.AdamW(run.Parameters, variant.Value.GetProperty("lr").GetDouble(), betas[0].GetDouble(), betas[1].GetDouble(),
                variant.Value.GetProperty("eps").GetDouble(), variant.Value.GetProperty("weight_decay").GetDouble());
            var losses = variant.Value.GetProperty("losses_before_step_1_2_3_and_after_3").EnumerateArray().Select(e => e.GetDouble()).ToArray();
            for (var i = 0; i < losses.Length; i++)
            {
                optimizer.zero_grad();
                var loss = run.Loss(out _);
                Close(loss.item<float>(), losses[i], 1e-3, $"{variant.Name}, loss before step {i + 1}");
                loss.backward();
                optimizer.step();
            }
        }
    }

    private static void Close(double got, double want, double relative, string what) => got.Should().BeApproximately(want, Math.Abs(want) * relative, what);

    private sealed class Run : IDisposable
    {
        private readonly Tensor _images, _targets;
        private readonly PromptBatch _batch;
        private readonly int _prompt;

        internal Run(string model)
        {
            using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Root, model, "grad", Step + ".json")));
            Expected = json.RootElement.Clone();
            var golden = GoldenFolder.Model(model);
            Golden = SafetensorsFile.Open(Path.Combine(golden.Folder, "grad", Step + ".safetensors"));
            Llava = golden.Load($"dpvr_s{Expected.GetProperty("saturation_layer").GetInt32()}");
            Parameters = [.. Llava.SideBranchWeights.Select(w => (Parameter)w.Storage).Distinct()];
            foreach (var parameter in Parameters) parameter.requires_grad = true;

            using var inputs = golden.OpenInputs();
            var images = Expected.GetProperty("images").EnumerateArray().Select(e => e.GetInt64()).ToArray();
            _images = Llava.EncodeImages(inputs.Read("pixel_values").index_select(0, tensor(images)));
            _prompt = Expected.GetProperty("prompt_length").GetInt32();
            _targets = Golden.Read("targets");
            int[] ids = [.. Golden.Read("input_ids")[0].data<long>().Select(i => (int)i)];
            _batch = PromptBatch.Of([ids], Llava.Config.ImageTokenIndex, Llava.Config.ImageTokens, CPU);
        }

        internal JsonElement Expected { get; }

        internal SafetensorsFile Golden { get; }

        internal LlavaModel Llava { get; }

        internal Parameter[] Parameters { get; }

        internal Tensor Loss(out Tensor logits)
        {
            var text = Llava.Logits(Llava.Forward(_batch, _images, Readout.Text)); // (1, T, V)
            var first = _batch.TextPositions.eq(_prompt - 1).nonzero()[0, 1].item<long>();
            logits = text[0].narrow(0, first, _targets.shape[0]);
            return nn.functional.cross_entropy(logits, _targets);
        }

        public void Dispose()
        {
            Llava.Dispose();
            Golden.Dispose();
        }
    }
}

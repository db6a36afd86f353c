using Dpvr.Cli.Terminal;
using Dpvr.Model;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Layers;
using Dpvr.Model.Routing;
using Dpvr.Scenes;

namespace Dpvr.Cli.Eval;

/// <summary>Runs scenes through the engine under each routing and reports how much is true and what it cost.</summary>
internal sealed class EvalRun(EvalSettings settings, SystemConsole console, Placement placement)
{
    private const int Chunk = 32; // scenes a turn: as many pictures as an engine keeps for further questions
    private const long TogetherBytes = 1L << 30; // models up to this size are held together, larger ones one after another

    public EvalReport Execute(CancellationToken cancellationToken)
    {
        var prompts = Enumerable.Range(settings.Start, settings.Scenes)
            .Select(i => EvalPrompt.Of(SceneGenerator.Generate(settings.Split, i), settings.Questions)).ToArray();
        var routings = settings.Routings ?? Supported(settings.Model);
        var progress = new CountLine(settings.Json ? console with { Out = console.Error } : console, "scenes through all routings", prompts.Length * routings.Count);
        var parts = new List<RoutingReport>();
        Dictionary<EvalPrompt, EvalAnswer>? dense = null;
        EvalReport? report = null;
        var done = 0;
        try
        {
            // Together, the routings take turns every few scenes, so that whatever else the machine does meets all of them alike.
            foreach (var group in Groups(routings))
            {
                var runners = new List<RoutingRunner>();
                try
                {
                    foreach (var routing in group) runners.Add(Open(routing, prompts));
                    foreach (var chunk in prompts.Chunk(Chunk))
                    {
                        PreparedScene[] scenes = [.. chunk.Select(p => PreparedScene.Of(p[0].Scene, p, runners[0].Bundle.Images))];
                        foreach (var runner in runners)
                        {
                            runner.Run(scenes, cancellationToken);
                            progress.Report(done += scenes.Length);
                        }
                    }
                    report ??= Frame(runners[0], prompts);
                    foreach (var runner in runners)
                    {
                        if (runner.Bundle.Model.Plan.Kind == RoutingKind.Dense) dense = new(runner.Answers, ReferenceEqualityComparer.Instance);
                        parts.Add(Part(runner, prompts, report.PromptTextTokens, dense));
                    }
                }
                finally
                {
                    foreach (var runner in runners) runner.Dispose();
                }
            }
        }
        finally
        {
            progress.End();
        }
        return report! with { Routings = parts };
    }

    /// <summary>Dense comes first in what is compared with it.</summary>
    private static IReadOnlyList<string> Supported(string folder) =>
        SideBranchFiles.Find(folder) is null ? ["dense", "withdraw"] : ["dense", "withdraw", "dpvr-lf"];

    private IEnumerable<IReadOnlyList<string>> Groups(IReadOnlyList<string> routings)
    {
        using var checkpoint = Checkpoint.Open(settings.Model);
        string[] ordered = [.. routings.OrderByDescending(r => r == "dense")];
        return checkpoint.WeightBytes * ordered.Length <= TogetherBytes ? [ordered] : ordered.Select(r => (string[])[r]);
    }

    private RoutingRunner Open(string routing, IReadOnlyList<IReadOnlyList<EvalPrompt>> prompts)
    {
        var memory = MemoryBudget.Default(placement.Device); // before the weights take their part of it
        var bundle = LlavaBundle.Load(settings.Model, routing, routing == "withdraw" ? settings.Saturation : null, placement, settings.VisualTokens);
        try
        {
            int[][] encoded = [.. prompts.SelectMany(p => p).Select(p => p.Text).Distinct(StringComparer.Ordinal).Select(t => bundle.Prompts.Encode(t, images: 1).Ids)];
            int Before(int[] ids) => Array.LastIndexOf(ids, bundle.Model.Config.ImageTokenIndex);
            var demand = new EngineDemand
            {
                PrefixText = encoded.Max(Before),
                SuffixText = encoded.Max(ids => ids.Length - 1 - Before(ids)),
                NewTokens = settings.MaxNewTokens,
                Questions = prompts.Min(p => p.Count),
                BatchSize = settings.BatchSize,
            };
            var planned = EnginePlan.Of(bundle.Model.Config, bundle.Model.Plan, placement, demand, memory).Options;
            var options = planned with { CachedImages = Chunk, Pixels = PixelScale.Of(bundle.Images) };
            return new RoutingRunner(bundle, options, settings.MaxNewTokens, TimeProvider.System);
        }
        catch
        {
            bundle.Dispose();
            throw;
        }
    }

    private static int TextTokens(LlavaBundle bundle, string prompt) => bundle.Prompts.Encode(prompt, images: 1).Ids.Length - 1;

    private EvalReport Frame(RoutingRunner runner, IReadOnlyList<IReadOnlyList<EvalPrompt>> prompts) => new()
    {
        Model = Path.GetFileName(Path.TrimEndingDirectorySeparator(settings.Model)),
        Revision = runner.Bundle.Revision,
        Split = settings.Split.ToString().ToLowerInvariant(),
        Scenes = settings.Scenes,
        FirstScene = settings.Start,
        QuestionsPerScene = settings.Questions,
        Device = placement.Device.ToString(),
        Dtype = placement.DtypeName,
        Threads = settings.Threads,
        BatchSize = runner.Engine.Options.Slots,
        PromptTextTokens = (int)Math.Round(prompts.SelectMany(p => p).Where(p => p.Style is not null).Average(p => TextTokens(runner.Bundle, p.Text))),
        SequenceTextTokens = runner.Engine.Options.MaxPrefixText + runner.Engine.Options.MaxTextTokens,
        Routings = [],
    };

    private static RoutingReport Part(RoutingRunner runner, IReadOnlyList<IReadOnlyList<EvalPrompt>> prompts, int textTokens, Dictionary<EvalPrompt, EvalAnswer>? dense)
    {
        var (config, plan, statistics) = (runner.Bundle.Model.Config, runner.Bundle.Model.Plan, runner.Engine.Statistics);
        var decoder = ComputeCost.Prefill(config, plan, images: 1, textTokens);
        return new RoutingReport
        {
            Routing = plan.Name,
            Saturation = plan.Kind == RoutingKind.Dense ? null : plan.Saturation,
            Score = EvalScore.Of([.. prompts.SelectMany(p => p).Select(p => (p, runner.Answers[p]))]),
            SameAsDense = plan.Kind == RoutingKind.Dense || dense is null ? null : Proportion.Of(runner.Answers.Select(a => a.Value.Text == dense[a.Key].Text)),
            KeyValueBytesPerSequence = runner.Engine.Memory.BytesPerSlot,
            KeyValueBytesPerImage = KeyValuePlan.Of(config, plan, runner.Bundle.Model.Placement.Dtype, maxImages: 1, maxTextTokens: 0).BytesPerSlot,
            PrefillFlops = ComputeCost.Vision(config) + decoder,
            DecoderPrefillFlops = decoder,
            ImagesPerSecond = runner.ImagesPerSecond,
            PromptsPerSecond = runner.PromptsPerSecond,
            PrefillShare = statistics.PrefillSeconds / (statistics.PrefillSeconds + statistics.DecodeSeconds),
            Seconds = runner.Elapsed.TotalSeconds,
        };
    }
}

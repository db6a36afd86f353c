using System.Globalization;
using Dpvr.Cli.Terminal;
using Spectre.Console;

namespace Dpvr.Cli.Eval;

/// <summary>The report side by side, a column a routing.</summary>
internal static class EvalTable
{
    public static void Write(EvalReport report, SystemConsole console)
    {
        var ansi = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console.Out), Ansi = console.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No });
        if (!console.IsInteractive) ansi.Profile.Width = 160; // a file has no width of its own, and a wrapped table is hard to read
        ansi.Write(Build(report));
        console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Scenes} scenes of the {report.Split} split from {report.FirstScene}, 3 captions and up to {report.QuestionsPerScene} questions each; {report.Device}, {report.Dtype}, {report.Threads} CPU thread{(report.Threads == 1 ? "" : "s")}, batch {report.BatchSize}."));
        console.Out.WriteLine($"In brackets: {report.Intervals}.");
    }

    private static Table Build(EvalReport report)
    {
        var table = new Table().RoundedBorder().AddColumn("");
        foreach (var r in report.Routings)
            table.AddColumn(new TableColumn(r.Saturation is { } s ? $"{r.Routing} (s = {s})" : r.Routing).RightAligned());
        var routings = report.Routings;
        void Row(string name, Func<RoutingReport, string> cell) => table.AddRow([new Text(name), .. routings.Select(r => new Text(cell(r)))]);
        void Kinds<T>(Func<EvalScore, IReadOnlyDictionary<T, Proportion>> of)
            where T : struct, Enum
        {
            foreach (var kind in Enum.GetValues<T>().Where(k => routings.Any(r => of(r.Score).ContainsKey(k))))
                Row("  " + Words(kind.ToString()), r => Show(of(r.Score).GetValueOrDefault(kind)));
        }

        Row("caption facts right", r => Show(r.Score.CaptionFacts));
        Kinds(s => s.CaptionFactsByKind);
        Row("captions fully true", r => Show(r.Score.CaptionsTrue));
        Kinds(s => s.CaptionsTrueByStyle);
        Row("answers right", r => Show(r.Score.Answers));
        Kinds(s => s.AnswersByKind);
        Row("same text as dense", r => r.SameAsDense is { } same ? Show(same) : "–");
        table.AddEmptyRow();
        var first = routings[0];
        Row("K/V of a picture", r => $"{Bytes(r.KeyValueBytesPerImage)}{Change(r.KeyValueBytesPerImage, first.KeyValueBytesPerImage, r == first)}");
        Row($"K/V of a sequence ({report.SequenceTextTokens} text tokens)", r => $"{Bytes(r.KeyValueBytesPerSequence)}{Change(r.KeyValueBytesPerSequence, first.KeyValueBytesPerSequence, r == first)}");
        Row($"prefill of a picture and {report.PromptTextTokens} tokens", r => $"{Flops(r.PrefillFlops)}{Change(r.PrefillFlops, first.PrefillFlops, r == first)}");
        Row("  of it in the decoder", r => $"{Flops(r.DecoderPrefillFlops)}{Change(r.DecoderPrefillFlops, first.DecoderPrefillFlops, r == first)}");
        Row("images/s, one caption each", r => $"{Number(r.ImagesPerSecond)}{Change(r.ImagesPerSecond, first.ImagesPerSecond, r == first)}");
        Row("prompts/s, all", r => $"{Number(r.PromptsPerSecond)}{Change(r.PromptsPerSecond, first.PromptsPerSecond, r == first)}");
        if (routings.Any(r => r.Score.CutOff > 0)) Row("cut off at the longest length", r => $"{r.Score.CutOff}");
        if (routings.Any(r => r.Score.Failed > 0)) Row("failed", r => $"{r.Score.Failed}");
        return table;
    }

    private static string Show(Proportion p) => p.Count == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100 * p.Share:0.0} % [{100 * p.Low:0.0}–{100 * p.High:0.0}] of {p.Count}");

    private static string Change(double value, double reference, bool isReference) =>
        isReference ? "" : string.Create(CultureInfo.InvariantCulture, $" ({100 * (value / reference - 1):+0;-0;±0} %)");

    private static string Bytes(long bytes) => bytes >= 1 << 20 ? $"{Number(bytes / (double)(1 << 20))} MiB" : $"{Number(bytes / 1024.0)} KiB";

    private static string Flops(double flops) => flops >= 1e12 ? $"{Number(flops / 1e12)} TFLOP" : flops >= 1e9 ? $"{Number(flops / 1e9)} GFLOP" : $"{Number(flops / 1e6)} MFLOP";

    private static string Number(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>"ColourOf" → "colour of"</summary>
    private static string Words(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}

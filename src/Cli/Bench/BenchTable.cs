using System.Globalization;
using Dpvr.Cli.Terminal;
using Dpvr.Model.Engine.Benchmark;
using Spectre.Console;

namespace Dpvr.Cli.Bench;

/// <summary>Medians of the runs, a row for each batch size and routing.</summary>
internal static class BenchTable
{
    internal static void Write(IReadOnlyList<BenchmarkRow> rows, SystemConsole console)
    {
        var ansi = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console.Out), Ansi = console.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No });
        if (!console.IsInteractive) ansi.Profile.Width = 220;
        var table = new Table().RoundedBorder();
        foreach (var title in (string[])["batch", "routing", "images/s", "min–max", "new tokens/s", "prefill tokens/s", "decode tokens/s", "K/V MiB", "peak RSS MiB", "prefill GFLOP/image", "prefill: products, attention", "decode: products, attention"])
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var group in rows.GroupBy(r => (r.Batch, r.Routing)))
        {
            string Median(Func<BenchmarkRow, double> of, string format) => Bench.Median.Of(group.Select(of)).ToString(format, CultureInfo.InvariantCulture);
            table.AddRow(
                $"{group.Key.Batch}", group.Key.Routing, Median(r => r.ImagesPerSecond, "0.00"),
                string.Create(CultureInfo.InvariantCulture, $"{group.Min(r => r.ImagesPerSecond):0.00}–{group.Max(r => r.ImagesPerSecond):0.00}"),
                Median(r => r.TokensPerSecond, "0.0"), Median(r => r.PrefillTokensPerSecond, "0"), Median(r => r.DecodeTokensPerSecond, "0"),
                Median(r => r.KeyValueBytes / 1048576.0, "0.00"), Median(r => r.PeakResidentBytes / 1048576.0, "0"), Median(r => r.PrefillFlops / 1e9, "0.00"),
                $"{Median(r => 100 * r.Prefill.ProductSeconds / r.PrefillSeconds, "0")} % at {Median(r => r.Prefill.ProductFlops / r.Prefill.ProductSeconds / 1e9, "0")} GFLOP/s, {Median(r => 100 * r.Prefill.AttentionSeconds / r.PrefillSeconds, "0")} %",
                $"{Median(r => 100 * r.Decode.ProductSeconds / r.DecodeSeconds, "0")} %, {Median(r => 100 * r.Decode.AttentionSeconds / r.DecodeSeconds, "0")} %");
        }
        ansi.Write(table);
        var first = rows[0];
        foreach (var line in Ratios(rows)) console.Out.WriteLine(line);
        console.Out.WriteLine($"{first.PromptTokens} prompt tokens and {first.NewTokens} new tokens each; medians of {rows.Count / rows.Select(r => (r.Batch, r.Routing)).Distinct().Count()} runs, kinds in turn.");
    }

    /// <summary>Each routing against the first, batch by batch: what the operations alone would give, and what was measured, run by run.</summary>
    private static IEnumerable<string> Ratios(IReadOnlyList<BenchmarkRow> rows)
    {
        foreach (var batch in rows.GroupBy(r => r.Batch))
        {
            var kinds = batch.GroupBy(r => r.Routing).ToArray();
            foreach (var kind in kinds.Skip(1))
            {
                BenchmarkRow a = kinds[0].First(), b = kind.First();
                double[] measured = [.. kind.Zip(kinds[0], (r, first) => r.ImagesPerSecond / first.ImagesPerSecond)];
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"batch {batch.Key}: {b.Routing} / {a.Routing}, images/s: {(a.PrefillFlops + a.Questions * a.DecodeFlops) / (b.PrefillFlops + b.Questions * b.DecodeFlops):0.00} by operations (prefill {a.PrefillFlops / b.PrefillFlops:0.00}, decoding {a.DecodeFlops / b.DecodeFlops:0.00}); measured {Bench.Median.Of(measured):0.00} ({measured.Min():0.00}–{measured.Max():0.00}).");
            }
        }
    }
}

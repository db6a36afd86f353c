using System.Globalization;
using Dpvr.Cli.Terminal;
using Dpvr.Model;
using Dpvr.Model.Analysis.Saturation;
using Dpvr.Model.Engine;
using Dpvr.Model.Layers;
using Spectre.Console;

namespace Dpvr.Cli.Analyze;

/// <summary>Measures, writes the files and tells what was found.</summary>
internal sealed class SaturationRun(SaturationSettings settings, SystemConsole console)
{
    private const double HighLevel = 0.1;

    public async Task<int> ExecuteAsync(Placement placement, CancellationToken cancellationToken)
    {
        using var interrupts = Interrupts.Listen();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain);
        var reader = settings.Images is { } folder ? AnalysisPictures.Open(folder) : null;
        var items = reader is null ? [] : await AnalysisPictures.ListAsync(reader, settings.Count, stop.Token);
        if (reader is not null && items.Count == 0) throw new UsageException($"--images: '{settings.Images}' holds no pictures; allowed: a folder with some.");

        using var bundle = LlavaBundle.Load(settings.Model, "dense", placement: placement);
        var prompt = bundle.Prompts.Encode(settings.Prompt, images: 1);
        if (prompt.Error is { } error) throw new UsageException($"--prompt: {error.Message}");
        var pictures = new AnalysisPictures(bundle.Images);
        var progress = new CountLine(settings.Json ? console with { Out = console.Error } : console, "pictures", reader is null ? settings.Count!.Value : items.Count);
        SaturationCurve curve;
        try
        {
            curve = SaturationAnalysis.Run(bundle.Model, PixelScale.Of(bundle.Images), prompt.Ids,
                reader is null ? pictures.OfScenes(settings.Count!.Value) : pictures.Of(reader, items, stop.Token), settings.BatchSize, progress, stop.Token);
        }
        catch (ArgumentException) when (pictures.Failures.Count > 0 && pictures.Failures.Count == items.Count)
        {
            Tell(pictures);
            console.Error.WriteLine($"dpvr: none of the {items.Count} pictures can be read.");
            return (int)ExitCode.JobFailed;
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0], e);
        }
        finally
        {
            progress.End();
        }

        var report = Report(bundle, curve, pictures.Failures.Count);
        Write(report);
        if (settings.Json) console.Out.WriteLine(report.ToJson());
        else Show(report);
        Tell(pictures);
        return (int)(pictures.Failures.Count == 0 ? ExitCode.Ok : ExitCode.ItemsFailed);
    }

    private SaturationReport Report(LlavaBundle bundle, SaturationCurve curve, int failed)
    {
        var rule = new SaturationRule { Tolerance = settings.Tolerance };
        var suggestion = rule.Suggest(curve.Mass);
        return new SaturationReport
        {
            Model = Path.GetFileName(Path.TrimEndingDirectorySeparator(settings.Model)), Revision = bundle.Revision,
            Pictures = settings.Images ?? "synthetic scenes, validation split", Count = curve.Pictures, Failed = failed, Prompt = settings.Prompt, Layers = curve.Mass.Count,
            TextToImageAttention = curve.Mass, Deviation = curve.Deviation,
            Tolerance = rule.Tolerance, Rule = SaturationReport.RuleFor(rule, curve.Mass.Count),
            SuggestedSaturationLayer = suggestion?.Layer, Level = suggestion?.Level,
        };
    }

    private void Write(SaturationReport report)
    {
        Directory.CreateDirectory(settings.Output);
        File.WriteAllText(Path.Combine(settings.Output, "saturation.json"), report.ToJson());
        File.WriteAllText(Path.Combine(settings.Output, "saturation.csv"), report.ToCsv());
        report.ToPlot().Save(Path.Combine(settings.Output, "saturation.png"));
    }

    private void Show(SaturationReport report)
    {
        var ansi = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console.Out), Ansi = console.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No });
        var table = new Table().RoundedBorder().AddColumn(new TableColumn("layer").RightAligned()).AddColumn(new TableColumn("attention").RightAligned())
            .AddColumn(new TableColumn("deviation").RightAligned()).AddColumn("");
        var most = Math.Max(report.TextToImageAttention.Max(), 1e-9);
        for (var l = 0; l < report.Layers; l++)
            table.AddRow(Number(l, "0"), Number(report.TextToImageAttention[l], "0.0000"), Number(report.Deviation[l], "0.0000"),
                new string('█', (int)Math.Round(24 * report.TextToImageAttention[l] / most)) + (l == report.SuggestedSaturationLayer ? " ◄ s" : ""));
        ansi.Write(table);
        console.Out.WriteLine($"Rule: {report.Rule}.");
        console.Out.WriteLine(report.SuggestedSaturationLayer is { } s
            ? string.Create(CultureInfo.InvariantCulture, $"Suggested saturation layer: {s} of {report.Layers}; from there the text keeps {report.Level:P1} of its attention on the picture.")
            : $"No such layer: the curve is not flat within the tolerance before its end. A larger --tolerance may find one.");
        if (report.Level > HighLevel)
            console.Out.WriteLine("Flat is not low: text still reads the picture in these layers. Measure what routing costs with dpvr eval before relying on it.");
        console.Out.WriteLine($"Written: {Path.Combine(settings.Output, "saturation.png")}, .csv and .json");

        static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    private void Tell(AnalysisPictures pictures)
    {
        foreach (var (picture, code, message) in pictures.Failures.Take(10)) console.Error.WriteLine($"dpvr: {picture}: {code}: {message}");
        if (pictures.Failures.Count > 10) console.Error.WriteLine($"dpvr: and {pictures.Failures.Count - 10} more pictures that cannot be read.");
    }
}

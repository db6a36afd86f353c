using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dpvr.Cli.Progress;

/// <summary>A few lines at the bottom of a terminal, redrawn in place.</summary>
internal sealed class LiveRunView(IAnsiConsole console) : IRunView
{
    private readonly TaskCompletionSource _ended = new();
    private LiveDisplayContext? _context;
    private Task _display = Task.CompletedTask;

    public void Start(RunHeader header)
    {
        console.MarkupLineInterpolated($"[bold]{header.Folder}[/] → [bold]{header.Output}[/]");
        console.MarkupLineInterpolated($"[grey]model[/] {header.Model}  [grey]routing[/] {header.Routing}  [grey]prompts[/] {string.Join(", ", header.Prompts)}");
        var live = console.Live(new Text("starting …")).AutoClear(true);
        _display = live.StartAsync(context =>
        {
            _context = context;
            return _ended.Task;
        });
    }

    public void Show(RunSnapshot snapshot, RunRates rates)
    {
        _context?.UpdateTarget(Draw(snapshot, rates));
        _context?.Refresh();
    }

    // A live display redraws over what others write: a note becomes a line above it.
    public void Note(string text) => console.MarkupLineInterpolated($"[yellow]{text}[/]");

    public void End(RunEnd end)
    {
        Stop();
        foreach (var line in Wording.Ending(end)) console.MarkupLineInterpolated($"{line}");
    }

    private static Rows Draw(RunSnapshot snapshot, RunRates rates)
    {
        var total = Math.Max(1, snapshot.Job.Images);
        var bar = new BreakdownChart().HideTags().Width(60)
            .AddItem("done", snapshot.ImagesDone, snapshot.Failed > 0 ? Color.Olive : Color.Green)
            .AddItem("left", Math.Max(0, total - snapshot.ImagesDone), Color.Grey23);
        var failed = snapshot.Failed > 0 ? "red" : "grey";
        List<IRenderable> rows =
        [
            bar,
            Markup.FromInterpolated($"[bold]{snapshot.ImagesDone}[/]/{snapshot.Job.Images} images  [{failed}]{snapshot.Failed} failed[/]  [grey]{Wording.State(snapshot.Job)}[/]"),
            Markup.FromInterpolated($"{Wording.Rate(rates.ImagesPerSecond)} images/s  {Wording.Rate(rates.TokensPerSecond)} tokens/s  ETA {Wording.Time(rates.Remaining)}"),
            Markup.FromInterpolated($"[grey]engine waits for: {Wording.Waits(snapshot, rates)}   Ctrl-C stops and keeps what is done[/]"),
        ];
        return new Rows(rows);
    }

    private void Stop()
    {
        _ended.TrySetResult();
        _display.GetAwaiter().GetResult();
    }

    public void Dispose() => Stop();
}

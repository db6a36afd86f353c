using Dpvr.Cli.Terminal;
using Dpvr.Model.Training;

namespace Dpvr.Cli.Train;

/// <summary>A training run that can be stopped and started at will.</summary>
internal static class TrainingSession
{
    /// <summary>Where a run's states and log stand below its output.</summary>
    private static string FolderIn(string output) => Path.Combine(output, "training");

    internal static string LogIn(string output) => Path.Combine(FolderIn(output), TrainingView.LogFile);

    /// <summary>Goes on from the newest state below <paramref name="output"/>, shows how it goes, and saves on the way and at the end.</summary>
    /// <exception cref="OperationCanceledException">Stopped; the state is saved.</exception>
    internal static async Task RunAsync(Trainer trainer, string output, SystemConsole console, CancellationToken cancellation)
    {
        var folder = FolderIn(output);
        var state = new TrainingState(folder);
        if (state.Restore(trainer)) console.Out.WriteLine($"going on from step {trainer.Step}");
        using var view = new TrainingView(console, folder, TimeProvider.System);
        await trainer.RunAsync(view.Report, () => state.Save(trainer), cancellation);
    }
}

using Dpvr.Cli.Terminal;
using Dpvr.Model.Training;

namespace Dpvr.Cli.Train;

/// <summary>A training run that can be stopped and started at will.</summary>
internal static class TrainingSession
{
    /// <summary>Goes on from the newest state in <paramref name="folder"/>, shows how it goes, and saves on the way and at the end.</summary>
    /// <exception cref="OperationCanceledException">Stopped; the state is saved.</exception>
    internal static async Task RunAsync(Trainer trainer, string folder, SystemConsole console, CancellationToken cancellation)
    {
        var state = new TrainingState(folder);
        if (state.Restore(trainer)) console.Out.WriteLine($"going on from step {trainer.Step}");
        using var view = new TrainingView(console, folder, TimeProvider.System);
        await trainer.RunAsync(view.Report, () => state.Save(trainer), cancellation);
    }
}

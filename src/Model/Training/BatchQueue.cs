using System.Threading.Channels;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Pictures;

namespace Dpvr.Model.Training;

/// <summary>Prepares batches in step order on threads of its own while the training thread computes.</summary>
internal sealed class BatchQueue : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Task<TrainingBatch>> _batches;
    private readonly Task _producer;

    internal BatchQueue(ITrainingSource source, ImageProcessor processor, LlavaConfig config, int batch, int firstStep, int threads)
    {
        // Each waiting batch holds its pictures; two beyond the ones in the making keep the training thread fed.
        _batches = Channel.CreateBounded<Task<TrainingBatch>>(threads + 1);
        _producer = Task.Run(async () =>
        {
            for (long step = firstStep; !_stop.IsCancellationRequested; step++)
            {
                var first = step * batch;
                await _batches.Writer.WriteAsync(Task.Run(() => TrainingBatch.Of([.. Enumerable.Range(0, batch).Select(i => source.Example(first + i))], processor, config), _stop.Token), _stop.Token);
            }
        });
    }

    /// <summary>The next step's batch; blocks the training thread until it is there.</summary>
    internal TrainingBatch Next(CancellationToken cancellation) =>
        _batches.Reader.ReadAsync(cancellation).AsTask().GetAwaiter().GetResult().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try { await _producer; }
        catch (OperationCanceledException) { }
        _stop.Dispose();
    }
}

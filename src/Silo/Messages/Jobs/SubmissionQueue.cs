using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Messages.Hosting;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>
/// Takes jobs of messages in, as many as may be open. One more waits for an end, and while it does the broker keeps those behind it: no more are handed out than are taken in
/// at once. One waits at the door and the others behind it, so that counting the open jobs costs the same however many there are.
/// </summary>
internal sealed class SubmissionQueue(JobDoor door, IOptions<BusOptions> options, TimeProvider time) : IDisposable
{
    private const string By = "queue";
    private readonly SemaphoreSlim _door = new(1);

    /// <exception cref="TooManyJobsException">It waited as long as it is to, and there was no room.</exception>
    public async Task<IntakeResult> SubmitAsync(JobRequest request, string? key, string ownKey, CancellationToken cancellationToken)
    {
        try
        {
            return await door.SubmitAsync(request, key, ownKey, By, cancellationToken);
        }
        catch (TooManyJobsException)
        {
            return await WaitAsync(request, key, ownKey, cancellationToken);
        }
    }

    public void Dispose() => _door.Dispose();

    private async Task<IntakeResult> WaitAsync(JobRequest request, string? key, string ownKey, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        await _door.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                try
                {
                    return await door.SubmitAsync(request, key, ownKey, By, cancellationToken);
                }
                catch (TooManyJobsException) when (time.GetElapsedTime(since) < options.Value.RoomPatience)
                {
                    await Task.Delay(options.Value.RoomLook, time, cancellationToken);
                }
            }
        }
        finally
        {
            _door.Release();
        }
    }
}

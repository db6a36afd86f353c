using System.Collections.Concurrent;

namespace Dpvr.Workers.Engine;

/// <summary>
/// Requests that are being computed or were a moment ago, by work identity: the same picture with the same prompt, met again
/// before its first answer is committed (and so known to the result cache), waits for that answer instead of computing its own.
/// </summary>
internal sealed class InFlightAnswers(int remembered)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<EngineCompletion>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    /// <summary>The answer to this work, which <paramref name="submit"/> asks the engine for if nobody has yet.</summary>
    public async Task<(Task<EngineCompletion> Completion, bool IsFirst)> GetAsync(string work, Func<Task<Task<EngineCompletion>>> submit)
    {
        var mine = new TaskCompletionSource<EngineCompletion>(TaskCreationOptions.RunContinuationsAsynchronously);
        var standing = _answers.GetOrAdd(work, mine);
        if (standing != mine) return (standing.Task, false);

        try
        {
            var asked = await submit();
            _ = PassOnAsync(work, asked, mine);
        }
        catch (Exception e)
        {
            Forget(work, mine);
            Fail(mine, e);
        }
        return (mine.Task, true);
    }

    private async Task PassOnAsync(string work, Task<EngineCompletion> asked, TaskCompletionSource<EngineCompletion> mine)
    {
        try
        {
            var completion = await asked;
            // Errors are tried again by whoever meets the work next.
            if (completion.Error is not null) Forget(work, mine);
            else Remember(work);
            mine.TrySetResult(completion);
        }
        catch (Exception e)
        {
            Forget(work, mine);
            Fail(mine, e);
        }
    }

    private static void Fail(TaskCompletionSource<EngineCompletion> mine, Exception e)
    {
        if (e is OperationCanceledException cancelled) mine.TrySetCanceled(cancelled.CancellationToken);
        else mine.TrySetException(e);
        _ = mine.Task.Exception; // perhaps nobody waits for it any more
    }

    private void Remember(string work)
    {
        _order.Enqueue(work);
        while (_order.Count > remembered && _order.TryDequeue(out var oldest)) _answers.TryRemove(oldest, out _);
    }

    private void Forget(string work, TaskCompletionSource<EngineCompletion> mine) => _answers.TryRemove(new(work, mine));
}

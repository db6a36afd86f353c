namespace Dpvr.Silo.Messages.Windows;

/// <summary>How many windows may be unanswered at once: a semaphore whose size changes while it is held.</summary>
internal sealed class WindowRoom(int size)
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _taken;

    /// <summary>As many as may be now.</summary>
    public int Size { get; private set; } = size;

    /// <summary>Takes the place of one window; waits for it, the first first.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_taken < Size)
            {
                _taken++;
                return;
            }
            _waiting.Enqueue(turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        await using var _ = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task;
    }

    /// <summary>Gives it back.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _taken--;
            LetIn();
        }
    }

    /// <summary>Changes how many may be. What is over stays until it is answered.</summary>
    public void Resize(int size)
    {
        lock (_gate)
        {
            Size = size;
            LetIn();
        }
    }

    private void LetIn()
    {
        while (_taken < Size && _waiting.TryDequeue(out var next))
            if (next.TrySetResult()) _taken++; // who was cancelled waits no more
    }
}

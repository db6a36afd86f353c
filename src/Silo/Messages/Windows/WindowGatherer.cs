using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Models;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Windows;

/// <summary>
/// Gathers pictures of one model and routing into windows: closed when full, or by age as soon as fewer than the allowed windows are unanswered. Until then it goes on
/// filling, so that a busy engine gets full windows and an idle one gets its picture soon.
/// </summary>
internal sealed class WindowGatherer(WindowWriter writer, WindowAnswers answers, WindowRoom room, IOptions<BusOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Window> _open = new(StringComparer.Ordinal);

    /// <summary>Puts a picture into a window; returns when that window's job is durable.</summary>
    public Task AddAsync(ModelChoice model, PendingPicture picture)
    {
        var kind = $"{model.Model.Name}\n{model.Routing}";
        Window window;
        lock (_gate)
        {
            if (!_open.TryGetValue(kind, out window!))
            {
                _open.Add(kind, window = new Window(model));
                _ = RunAsync(kind, window);
            }
            window.Pictures.Add(picture);
            if (window.Pictures.Count >= options.Value.WindowSize) Close(kind, window);
        }
        return window.Durable.Task;
    }

    private async Task RunAsync(string kind, Window window)
    {
        await Task.Yield(); // when the silo stops nothing below waits, and the window would be closed before its first picture is in it
        try
        {
            await Task.WhenAny(window.Full.Task, Task.Delay(options.Value.WindowAge, time, lifetime.ApplicationStopping));
            var isFree = await WaitForRoomAsync();
            lock (_gate) Close(kind, window);
            try
            {
                var record = await writer.WriteAsync(window.Model, window.Pictures, CancellationToken.None);
                answers.Follow(record, isFree ? room.Release : null);
            }
            catch
            {
                if (isFree) room.Release();
                throw;
            }
            window.Durable.SetResult();
        }
        catch (Exception e)
        {
            window.Durable.SetException(e); // every message of the window fails by it, and is tried again or put aside
        }
    }

    // A silo that stops does not wait for answers: what it has taken becomes a job, which others answer.
    private async Task<bool> WaitForRoomAsync()
    {
        try
        {
            await room.WaitAsync(lifetime.ApplicationStopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Close(string kind, Window window)
    {
        if (_open.TryGetValue(kind, out var open) && open == window) _open.Remove(kind);
        window.Full.TrySetResult();
    }

    private sealed class Window(ModelChoice model)
    {
        public ModelChoice Model => model;

        public List<PendingPicture> Pictures { get; } = [];

        public TaskCompletionSource Full { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

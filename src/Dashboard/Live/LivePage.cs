using Microsoft.AspNetCore.Components;

namespace Dpvr.Dashboard.Live;

/// <summary>A page that watches things and draws itself anew when it is told.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private readonly Dictionary<string, IDisposable> _watches = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _gone = new();
    private CancellationToken? _goneToken;

    /// <summary>Why the last look failed, in words; null when it did not.</summary>
    protected string? Trouble { get; private set; }

    /// <summary>Ends with the page.</summary>
    protected CancellationToken Gone => _goneToken ??= _gone.Token;

    /// <summary>Watches one thing; what was watched under the name before is let go.</summary>
    private protected void Watch<TKey, TValue>(string name, SharedPoll<TKey, TValue> poll, TKey key, Action<TValue?> take) where TKey : notnull
    {
        Unwatch(name);
        _watches[name] = poll.Watch(key, seen => _ = InvokeAsync(() =>
        {
            if (_gone.IsCancellationRequested) return;
            Trouble = seen.Fault is null ? null : "The server's data does not answer now; it is tried again.";
            if (seen.Fault is null) take(seen.Value);
            StateHasChanged();
        }));
    }

    /// <summary>Lets a thing go.</summary>
    protected void Unwatch(string name)
    {
        if (_watches.Remove(name, out var before)) before.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets everything go.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _gone.IsCancellationRequested) return;
        _gone.Cancel();
        foreach (var watch in _watches.Values) watch.Dispose();
        _watches.Clear();
        _gone.Dispose();
    }
}

using System.Net.Sockets;
using Dpvr.TestKit.Processes;

namespace Dpvr.TestKit.Servers;

/// <summary>
/// A real server on a free port of the loopback address, with a private folder for its data. It can be killed, stopped, suspended and started again on the same port
/// and data, and it is always gone after <see cref="DisposeAsync"/>.
/// </summary>
public abstract class ServerProcess : IAsyncDisposable
{
    private const int Tries = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);
    private readonly TempFolder _folder = new();
    private ChildProcess? _child;

    /// <summary>What to connect with.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>Its port on 127.0.0.1; stays the same over restarts.</summary>
    public int Port { get; private set; }

    /// <summary>What it wrote since it was last started.</summary>
    public string Output => _child is null ? "" : _child.Out + _child.Error;

    /// <summary>True while its process lives, suspended or not.</summary>
    public bool IsRunning => _child is { HasEnded: false };

    /// <summary>Its folder.</summary>
    protected TempFolder Folder => _folder;

    /// <summary>kill -9, of it and its children.</summary>
    public void Kill()
    {
        _child?.Dispose();
        _child = null;
    }

    /// <summary>SIGTERM, and waits for its end. False: it did not end in time, and was killed.</summary>
    public async Task<bool> StopAsync(CancellationToken cancellationToken = default)
    {
        if (_child is null) return true;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            _child.SendToAll(Signals.Continue);
            _child.Send(Signals.Terminate);
            await _child.EndAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Kill();
        }
    }

    /// <summary>SIGSTOP: its connections stay open and nothing answers.</summary>
    public void Suspend() => _child?.SendToAll(Signals.Stop);

    /// <summary>SIGCONT.</summary>
    public void Continue() => _child?.SendToAll(Signals.Continue);

    /// <summary>Starts it again after <see cref="Kill"/> or <see cref="StopAsync"/>, on the same port and data, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not answer in time; the message holds its output.</exception>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        if (IsRunning) throw new InvalidOperationException($"{GetType().Name} runs already.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        _child = Launch();
        using var timer = new PeriodicTimer(s_poll);
        try
        {
            while (!await AnswersNowAsync(patience.Token))
            {
                if (_child.HasEnded) throw Failed("ended");
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed($"did not answer within {s_patience.TotalSeconds} s");
        }
    }

    /// <summary><see cref="StopAsync"/>, then <see cref="StartAgainAsync"/>.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        await StartAgainAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Kill();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts the program; waits for nothing.</summary>
    private protected abstract ChildProcess Launch();

    /// <summary>True when it serves requests. Connection errors mean not yet.</summary>
    private protected abstract Task<bool> AnswersAsync(CancellationToken cancellationToken);

    /// <summary>What is done once, before the first start.</summary>
    private protected virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The first start; on another port when somebody took the one that was free.</summary>
    private protected async Task<T> StartFirstAsync<T>(T server, CancellationToken cancellationToken) where T : ServerProcess
    {
        try
        {
            await PrepareAsync(cancellationToken);
            for (var attempt = 1; ; attempt++)
            {
                Port = FreePort.Next();
                try
                {
                    await StartAgainAsync(cancellationToken);
                    return server;
                }
                catch (InvalidOperationException) when (attempt < Tries)
                {
                    Kill();
                }
            }
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task<bool> AnswersNowAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AnswersAsync(cancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException or HttpRequestException)
        {
            return false;
        }
    }

    private InvalidOperationException Failed(string how) => new($"{GetType().Name} on port {Port} {how}. It wrote: {Output}");
}

using System.Net;
using System.Net.Sockets;

namespace Dpvr.TestKit.Network;

/// <summary>
/// Passes connections on to a port of the loopback address, until it is cut: then connections stay open and nothing goes through, as when a cable is pulled. Healed, what
/// was sent meanwhile arrives.
/// </summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private const int BlockBytes = 1 << 16;
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _toTarget = Opened(), _fromTarget = Opened();

    /// <summary>Starts it.</summary>
    /// <param name="target">Port of 127.0.0.1 that it passes on to.</param>
    /// <param name="listen">Where it listens. Default: 127.0.0.1.</param>
    public TcpRelay(int target, IPAddress? listen = null)
    {
        _target = target;
        _listener = new TcpListener(listen ?? IPAddress.Loopback, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Lets nothing through any more.</summary>
    /// <param name="oneWay">True: the target's answers still come through.</param>
    public void Cut(bool oneWay = false)
    {
        if (_toTarget.Task.IsCompleted) _toTarget = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!oneWay && _fromTarget.Task.IsCompleted) _fromTarget = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Lets everything through again.</summary>
    public void Heal()
    {
        _toTarget.TrySetResult();
        _fromTarget.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ended.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync()
    {
        var passing = new List<Task>();
        try
        {
            while (true) passing.Add(PassAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException && _ended.IsCancellationRequested)
        {
        }
        await Task.WhenAll(passing);
    }

    private async Task PassAsync(TcpClient client)
    {
        using var from = client;
        using var to = new TcpClient { NoDelay = true };
        from.NoDelay = true;
        try
        {
            await to.ConnectAsync(IPAddress.Loopback, _target, _ended.Token);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
            var first = await Task.WhenAny(PumpAsync(from, to, () => _toTarget, either.Token), PumpAsync(to, from, () => _fromTarget, either.Token));
            await either.CancelAsync();
            await first;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One of the two is gone, and with this connection's end the other learns of it.
        }
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to, Func<TaskCompletionSource> gate, CancellationToken cancellationToken)
    {
        var block = new byte[BlockBytes];
        while (await from.GetStream().ReadAsync(block, cancellationToken) is var read and > 0)
        {
            await gate().Task.WaitAsync(cancellationToken);
            await to.GetStream().WriteAsync(block.AsMemory(0, read), cancellationToken);
        }
    }
}

using Microsoft.Extensions.Hosting;

namespace Dpvr.Hosting;

/// <summary>Starts and stops when its owner says so: no signal is handled behind its back.</summary>
internal sealed class OwnersLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

namespace Dpvr.Hosting.Cluster;

/// <summary>How long a client looks for a first silo before it gives up; <see cref="Timeout.InfiniteTimeSpan"/>: it never does.</summary>
internal sealed class ConnectionPatience(TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private readonly long _begun = time.GetTimestamp();

    public async Task<bool> AgainAsync(Exception e, CancellationToken cancellationToken)
    {
        if (patience != Timeout.InfiniteTimeSpan && time.GetElapsedTime(_begun) + Between > patience) return false;
        await Task.Delay(Between, time, cancellationToken);
        return true;
    }
}

using Orleans.Runtime;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>Calls of jobs while a silo may just be lost. Each of them may be repeated.</summary>
internal static class GrainCalls
{
    private const int Tries = 4;
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);

    public static async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var (attempt, wait) = (1, s_first); ; attempt++, wait *= 2)
        {
            try
            {
                return await call().WaitAsync(cancellationToken);
            }
            catch (Exception e) when (e is OrleansMessageRejectionException or SiloUnavailableException && attempt < Tries)
            {
                await Task.Delay(wait, cancellationToken);
            }
        }
    }
}

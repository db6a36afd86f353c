using Dpvr.Data.Jobs;

namespace Dpvr.Data.Tests.Jobs;

public sealed class ReadAheadTests
{
    [Fact]
    public async Task ReadAheadAsync_WithReadsThatEndInAnyOrder_KeepsTheOrderAndReadsManyAtOnce()
    {
        var (live, most) = (0, 0);
        var random = new Random(7);

        var read = await Numbers(100).ReadAheadAsync(async (n, token) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref live));
            for (var i = random.Next(20); i > 0; i--) await Task.Yield();
            Interlocked.Decrement(ref live);
            return n * 2;
        }).ToListAsync();

        read.Should().Equal(Enumerable.Range(0, 100).Select(n => n * 2));
        most.Should().BeInRange(2, 16);
    }

    [Fact]
    public async Task ReadAheadAsync_WhenTheReaderStops_WaitsForTheReadsThatWereBegun()
    {
        var gate = new TaskCompletionSource();
        var ended = 0;
        var reads = Numbers(100).ReadAheadAsync(async (n, token) =>
        {
            if (n > 0) await gate.Task;
            Interlocked.Increment(ref ended);
            return n;
        }).GetAsyncEnumerator();
        (await reads.MoveNextAsync(), reads.Current).Should().Be((true, 0));

        var stop = reads.DisposeAsync();
        stop.IsCompleted.Should().BeFalse();
        gate.SetResult();
        await stop;

        ended.Should().Be(16);
    }

    [Fact]
    public async Task ReadAheadAsync_WhenAReadFails_ThrowsItInItsTurn()
    {
        var seen = new List<int>();
        var reads = Numbers(10).ReadAheadAsync((n, token) => n == 5 ? Task.FromException<int>(new IOException("five")) : Task.FromResult(n));

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var n in reads) seen.Add(n);
        });

        seen.Should().Equal(0, 1, 2, 3, 4);
    }

    private static async IAsyncEnumerable<int> Numbers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }
}

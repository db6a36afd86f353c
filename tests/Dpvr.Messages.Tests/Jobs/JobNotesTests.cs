using Dpvr.Silo.Messages.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Messages.Tests.Jobs;

public sealed class JobNotesTests
{
    [Fact]
    public async Task Remove_OfAJobThatWasAskedForAgain_KeepsTheOtherNote()
    {
        using var folder = new TempFolder();
        await using var host = await BusHost.StartAsync(folder.Of("store"), broker: null);
        var notes = host.Services.GetRequiredService<JobNotes>();
        var (first, second) = (new JobNote { Job = "asked-twice", CustomId = "first" }, new JobNote { Job = "asked-twice", CustomId = "second" });
        await notes.AddAsync(first, default);
        await notes.AddAsync(second, default);

        await notes.RemoveAsync(first, default);

        notes.Open.Should().Equal([second], "its end is still to be announced");
        (await host.Store.Blobs.ListAsync("bus/").CountAsync()).Should().Be(1);
        await notes.RemoveAsync(second, default);
        (await host.Store.Blobs.ListAsync("bus/").CountAsync()).Should().Be(0);
    }
}

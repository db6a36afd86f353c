using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Messages.Windows;

namespace Dpvr.Messages.Tests.Windows;

public sealed class WindowRoomTests
{
    [Fact]
    public async Task Wait_WhenAllIsTaken_IsLetInByAReleaseOrByMoreRoom_TheFirstFirst()
    {
        var room = new WindowRoom(1);
        await room.WaitAsync(default);
        Task[] waiting = [room.WaitAsync(default), room.WaitAsync(default), room.WaitAsync(default)];

        room.Release();
        await waiting[0];
        room.Resize(2);
        await waiting[1];
        waiting[2].IsCompleted.Should().BeFalse();
        room.Resize(1);
        room.Release();
        waiting[2].IsCompleted.Should().BeFalse("one is there, and one may be");
        room.Release();

        await waiting[2];
    }

    [Fact]
    public async Task Wait_ThatIsCancelled_TakesNoPlace()
    {
        var room = new WindowRoom(1);
        await room.WaitAsync(default);
        using var stop = new CancellationTokenSource();
        var gone = room.WaitAsync(stop.Token);
        var next = room.WaitAsync(default);

        await stop.CancelAsync();
        room.Release();

        await ((Func<Task>)(() => gone)).Should().ThrowAsync<OperationCanceledException>();
        await next;
    }

    [Theory]
    [InlineData(0, 4), InlineData(8, 4), InlineData(64, 7), InlineData(256, 25), InlineData(4096, 32)]
    public void WindowsFor_SoManySlots_FillsThemThreeTimes(int slots, int windows) => new BusOptions().WindowsFor(slots).Should().Be(windows);

    [Fact]
    public void WindowsFor_WhereTheyAreSet_IsThat() => new BusOptions { OpenWindows = 2 }.WindowsFor(256).Should().Be(2);
}

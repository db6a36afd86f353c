using System.Diagnostics;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;

namespace Dpvr.Data.Tests.Blobs;

public sealed class FileBlobStoreTests : BlobStoreConformance, IDisposable
{
    private readonly TempFolder _folder = new();

    public FileBlobStoreTests() => Store = new FileBlobStore(_folder.Path);

    protected override IBlobStore Store { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Writes_Always_LeaveNoTemporaryFile()
    {
        await Store.PutAsync("a", "x"u8.ToArray());
        await Store.TryCreateAsync("a", "x"u8.ToArray());
        await Store.TryCreateAsync("b", "x"u8.ToArray());
        await using (await Store.StageAsync("c")) { }

        Directory.GetFiles(Path.Combine(_folder.Path, ".dpvr", "tmp")).Should().BeEmpty();
    }

    [Fact]
    public void Open_WhenADeadProcessLeftFiles_RemovesThemAndNoOthers()
    {
        using var dead = Process.Start("true");
        dead.WaitForExit();
        var stale = _folder.File($".dpvr/tmp/{dead.Id}-{ProcessSpace.Id}-abc", "half");
        var alive = _folder.File($".dpvr/tmp/{Environment.ProcessId}-{ProcessSpace.Id}-abc", "half");
        // The same process id on another machine is another process, which may live.
        var elsewhere = _folder.File($".dpvr/tmp/{dead.Id}-0badcafe-abc", "half");
        var forsaken = _folder.File($".dpvr/tmp/{dead.Id}-0badcafe-old", "half");
        File.SetLastWriteTimeUtc(forsaken, DateTime.UtcNow.AddDays(-8));

        _ = new FileBlobStore(_folder.Path);

        File.Exists(stale).Should().BeFalse();
        File.Exists(alive).Should().BeTrue();
        File.Exists(elsewhere).Should().BeTrue();
        File.Exists(forsaken).Should().BeFalse();
    }

    [Fact]
    public async Task Open_WhileAnotherMachineStagesABlob_LeavesItAlone()
    {
        var elsewhere = new FileBlobStore(_folder.Path, ".dpvr/tmp", "0badcafe");
        await using var staged = await elsewhere.StageAsync("a");
        await staged.Stream.WriteAsync("whole"u8.ToArray());
        // This machine knows no process of that id.
        using var dead = Process.Start("true");
        dead.WaitForExit();
        var file = Directory.GetFiles(Path.Combine(_folder.Path, ".dpvr", "tmp")).Single();
        var renamed = Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileName(file).Replace($"{Environment.ProcessId}-", $"{dead.Id}-", StringComparison.Ordinal));
        File.Move(file, renamed);

        _ = new FileBlobStore(_folder.Path);

        File.Exists(renamed).Should().BeTrue();
        File.Move(renamed, file);
        await staged.CommitAsync();
        (await Store.GetAsync("a"))!.Bytes.Should().Equal("whole"u8.ToArray());
    }

    [Fact]
    public async Task Writes_WhileAnotherProcessRemovesEmptyFolders_AllSucceed()
    {
        var other = new FileBlobStore(_folder.Path);
        await Task.WhenAll(
            Task.Run(async () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    (await Store.TryCreateAsync($"deep/er/{i}", "x"u8.ToArray(), BlobDurability.Lazy)).Should().BeTrue();
                    await Store.PutAsync($"deep/er/{i}", "y"u8.ToArray(), BlobDurability.Lazy);
                    (await Store.DeleteAsync($"deep/er/{i}")).Should().BeTrue();
                }
            }),
            Task.Run(async () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    await other.PutAsync($"deep/er/o{i}", "x"u8.ToArray(), BlobDurability.Lazy);
                    (await other.DeleteAsync($"deep/er/o{i}")).Should().BeTrue();
                }
            }));
    }

    [Fact]
    public async Task FirstWrites_WhenManyFindNoFolderForFilesInTheMaking_AllSucceed()
    {
        // A writer whose file could not be opened may find the folder made by another a moment later, and is then told of a file that is missing.
        const int Writers = 8;
        using var round = new Barrier(Writers, _ => Directory.Delete(Path.Combine(_folder.Path, ".dpvr"), recursive: true));
        await Store.PutAsync("first", "x"u8.ToArray(), BlobDurability.Lazy);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    for (var i = 0; i < 300; i++)
                    {
                        round.SignalAndWait();
                        Store.PutAsync($"of/{writer}", "x"u8.ToArray(), BlobDurability.Lazy).GetAwaiter().GetResult();
                    }
                }
                finally
                {
                    round.RemoveParticipant();
                }
            },
            TaskCreationOptions.LongRunning)));

        (await Store.ListAsync("of/").CountAsync()).Should().Be(Writers);
    }

    [Fact]
    public async Task Calls_WhileOthersMakeAndRemoveTheSameFolders_NeverFail()
    {
        // As many loops as meet each other at every step of .NET's: a folder that is there, and is not, within one of its calls.
        const int Loops = 4, Rounds = 2000;
        await Task.WhenAll(Enumerable.Range(0, Loops).Select(loop => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Rounds; i++) Round(new FileBlobStore(_folder.Path), loop, i).GetAwaiter().GetResult();
            },
            TaskCreationOptions.LongRunning)));

        (await Store.ListAsync("deep/").CountAsync()).Should().Be(0);

        static async Task Round(FileBlobStore store, int loop, int round)
        {
            await store.PutAsync($"deep/er/{loop}", "x"u8.ToArray(), BlobDurability.Lazy);
            await foreach (var _ in store.ListAsync("deep/er/")) { }
            await store.ListFoldersAsync("deep/");
            if (round % 4 == 0) await store.DeletePrefixAsync("deep/er/");
            for (var i = 0; i < Loops; i++) await store.DeleteAsync($"deep/er/{i}");
        }
    }

    [Fact]
    public async Task OutputLock_WhenHeld_RefusesASecond()
    {
        using (var first = OutputLock.TryAcquire(_folder.Path))
        {
            first.Should().NotBeNull();
            OutputLock.TryAcquire(_folder.Path).Should().BeNull();
            // The lock's file lies in the store's folder and must not be in its way.
            await Store.PutAsync("a", "x"u8.ToArray());
        }
        using var again = OutputLock.TryAcquire(_folder.Path);
        again.Should().NotBeNull();
    }

    [Theory]
    [InlineData(28, ErrorCodes.OutputFull)]
    [InlineData(122, ErrorCodes.OutputFull)]
    [InlineData(30, ErrorCodes.OutputReadonly)]
    [InlineData(13, ErrorCodes.OutputReadonly)]
    [InlineData(5, ErrorCodes.Internal)]
    public void FromErrno_Always_GivesTheUsersCode(int errno, string code) => FileErrors.FromErrno(errno, "p").Code.Should().Be(code);

    [Fact]
    public async Task PutAsync_WhenTheDiskIsFull_SaysOutputFullAndKeepsTheOldBlob()
    {
        using var small = SmallDisk.TryMount(1 << 20);
        Assert.SkipUnless(small is not null, "needs the right to mount a file system");
        var store = new FileBlobStore(small.Path);
        await store.PutAsync("a", "old"u8.ToArray());

        var failure = await Assert.ThrowsAsync<BlobStoreException>(() => store.PutAsync("a", new byte[4 << 20]));

        failure.Code.Should().Be(ErrorCodes.OutputFull);
        (await store.GetAsync("a"))!.Bytes.Should().Equal("old"u8.ToArray());
        (await store.TryCreateAsync("b", "room"u8.ToArray())).Should().BeTrue("the half-written file must be gone");
    }

    [Fact]
    public async Task PutAsync_WhenTheDiskIsReadOnly_SaysOutputReadonly()
    {
        using var small = SmallDisk.TryMount(1 << 20);
        Assert.SkipUnless(small is not null, "needs the right to mount a file system");
        var store = new FileBlobStore(small.Path);
        await store.PutAsync("a", "old"u8.ToArray());
        small.MakeReadOnly();

        (await Assert.ThrowsAsync<BlobStoreException>(() => store.PutAsync("a", "new"u8.ToArray()))).Code.Should().Be(ErrorCodes.OutputReadonly);
        (await Assert.ThrowsAsync<BlobStoreException>(() => store.TryCreateAsync("b", "new"u8.ToArray()))).Code.Should().Be(ErrorCodes.OutputReadonly);
    }
}

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
        var stale = _folder.File($".dpvr/tmp/{dead.Id}-abc", "half");
        var alive = _folder.File($".dpvr/tmp/{Environment.ProcessId}-abc", "half");

        _ = new FileBlobStore(_folder.Path);

        File.Exists(stale).Should().BeFalse();
        File.Exists(alive).Should().BeTrue();
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

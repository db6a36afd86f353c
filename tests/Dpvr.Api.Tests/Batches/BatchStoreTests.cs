using Dpvr.Data.Blobs;
using Dpvr.Silo.Api.Batches;

namespace Dpvr.Api.Tests.Batches;

public sealed class BatchStoreTests
{
    [Fact]
    public async Task Forget_OfAMarkWhoseBatchIsWrittenMeanwhile_KeepsTheMark()
    {
        using var folder = new TempFolder();
        var batches = new BatchStore(new FileBlobStore(folder.Of("store")));
        var (written, other) = (Batch.New(), Batch.New());
        await batches.CreateAsync(written, default);

        (await batches.ForgetAsync(written.Id, default)).Should().BeFalse();
        (await batches.ForgetAsync(other.Id, default)).Should().BeTrue();

        (await batches.ListOpenAsync(default)).Should().Equal(written.Id);
    }
}

namespace Dpvr.Data.Blobs;

internal sealed class StagedFile(TempFile temp, string target) : IStagedBlob
{
    public Stream Stream => temp.Stream;

    public Task SealAsync(CancellationToken cancellationToken = default) => GuardAsync(() => temp.Seal(BlobDurability.Durable));

    public Task CommitAsync(CancellationToken cancellationToken = default) => GuardAsync(() => temp.ReplaceAs(target, BlobDurability.Durable));

    public ValueTask DisposeAsync()
    {
        temp.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task GuardAsync(Action action)
    {
        try
        {
            action();
            return Task.CompletedTask;
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FileErrors.Map(e, target);
        }
    }
}

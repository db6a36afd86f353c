using System.Security.Cryptography;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;

namespace Dpvr.Cli.Cluster;

/// <summary>Copies a finished job's output from the store into a folder; every file is checked against the manifest, which comes last.</summary>
internal static class OutputDownload
{
    /// <exception cref="BlobStoreException">A file is missing or damaged.</exception>
    public static async Task<OutputManifest> RunAsync(JobStore store, JobId job, string folder, CancellationToken cancellationToken)
    {
        var prefix = store.Layout.OutputOf(job);
        var manifest = await store.ReadManifestAsync(prefix + OutputNames.Manifest, cancellationToken)
            ?? throw new BlobStoreException(ErrorCodes.Internal, $"Job {job} has no output yet.");
        var target = new FileBlobStore(folder);
        await target.DeleteAsync(OutputNames.Manifest, cancellationToken); // no moment shows a manifest beside files of another run
        foreach (var file in manifest.Files) await CopyAsync(store.Blobs, prefix, file, target, cancellationToken);
        await foreach (var sidecar in SidecarFiles.ListAsync(store, job, cancellationToken))
            if (await store.Blobs.GetAsync(prefix + sidecar, cancellationToken) is { } text)
                await target.PutAsync(sidecar, text.Bytes, BlobDurability.Lazy, cancellationToken);
        var bytes = await store.Blobs.GetAsync(prefix + OutputNames.Manifest, cancellationToken) ?? throw new BlobStoreException(ErrorCodes.Internal, $"The manifest of {job} is gone.");
        await target.FlushAsync(cancellationToken);
        await target.PutAsync(OutputNames.Manifest, bytes.Bytes, BlobDurability.Durable, cancellationToken);
        return manifest;
    }

    private static async Task CopyAsync(IBlobStore source, string prefix, OutputFile file, FileBlobStore target, CancellationToken cancellationToken)
    {
        await using var from = await source.OpenReadAsync(prefix + file.Path, cancellationToken) ?? throw Damaged("it is missing");
        await using var staged = await target.StageAsync(file.Path, cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            await staged.Stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256) throw Damaged("its SHA-256 is not the manifest's");
        await staged.CommitAsync(cancellationToken);

        BlobStoreException Damaged(string why) => new(ErrorCodes.Internal, $"{prefix}{file.Path}: {why}.");
    }
}

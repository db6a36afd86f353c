using System.Security.Cryptography;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;

namespace Dpvr.Data.Output;

/// <summary>A staged file of lines that counts and hashes as it is written.</summary>
internal sealed class CountedFile(string path, IStagedBlob blob) : IAsyncDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _count;
    private long _bytes;

    public IStagedBlob Blob => blob;

    public async Task WriteLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await AppendAsync(line, cancellationToken);
        await AppendAsync("\n"u8.ToArray(), cancellationToken);
        _count++;
    }

    public OutputFile Describe() => new() { Path = path, Count = _count, Bytes = _bytes, Sha256 = Convert.ToHexStringLower(_hash.GetCurrentHash()) };

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await blob.DisposeAsync();
    }

    private async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _hash.AppendData(bytes.Span);
        _bytes += bytes.Length;
        try
        {
            await blob.Stream.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException e)
        {
            throw FileErrors.Map(e, path);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Requests;

namespace Dpvr.Data.Sources;

/// <summary>
/// A source of requests (<see cref="RequestRow"/>), a file or a blob of the job's store, read a line at a time. A line that cannot be read is an item with <c>bad_row</c>,
/// under its custom_id or as <c>line-N</c>; the same id twice refuses the whole source. A file may name pictures by paths in its own folder, a blob may not.
/// </summary>
public sealed class RequestsReader : IDatasetReader
{
    private readonly SourceAccess _access;
    private readonly string _name;
    private readonly string? _key;
    private readonly FolderReader? _folder;

    /// <summary>Takes the source; reads nothing yet.</summary>
    /// <exception cref="DatasetException">There is no such file, or no store for it.</exception>
    public RequestsReader(SourceSpec source, SourceAccess access)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(access);
        (_access, _name, _key) = (access, source.Root, StorePictures.KeyOf(source.Root));
        if (_key is not null)
        {
            if (access.Store is null) throw new DatasetException(ErrorCodes.SourceUnavailable, $"There is no store to read {_name} from.");
            return;
        }
        _name = Path.GetFullPath(source.Root);
        if (!File.Exists(_name)) throw new DatasetException(ErrorCodes.SourceUnavailable, $"There is no file {_name}.");
        _folder = new FolderReader(new SourceSpec { Root = Path.GetDirectoryName(_name)! });
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ShardItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var seen = new Dictionary<UInt128, long>(); // 40 bytes a row, however long its id is
        long index = 0;
        await using var stream = await OpenAsync(cancellationToken);
        await foreach (var (number, line) in BoundedLines.ReadAsync(stream, RequestRows.MaxLine, cancellationToken))
        {
            if (line is { Span: var text } && text.Trim(" \t"u8).IsEmpty) continue;
            var item = Read(number, line) with { Index = index++ };
            if (!seen.TryAdd(HashOf(item.CustomId), number))
                throw new DatasetException(ErrorCodes.DuplicateId, $"{_name}:{number}: custom_id '{item.CustomId}' was used in line {seen[HashOf(item.CustomId)]} already.");
            yield return item;
        }
    }

    /// <summary>What the rows need of an engine.</summary>
    /// <param name="otherwise">The job's sampling: for rows that do not say how long their answers may be.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatasetException">The source cannot be listed.</exception>
    public async Task<RequestSurvey> SurveyAsync(SamplingSpec otherwise, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(otherwise);
        long rows = 0;
        int bytes = 0, tokens = otherwise.MaxNewTokens;
        await foreach (var item in ListAsync(cancellationToken))
        {
            rows++;
            bytes = Math.Max(bytes, Encoding.UTF8.GetByteCount(item.Request?.Prompt ?? ""));
            tokens = Math.Max(tokens, item.Request?.MaxTokens ?? 0);
        }
        return new RequestSurvey(rows, RequestLimits.For(bytes, tokens));
    }

    /// <inheritdoc/>
    /// <exception cref="BlobStoreException">The store as a whole refuses or does not answer: that is no fault of the picture.</exception>
    public Task<SourceBytes> ReadAsync(ShardItem item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Error is { } known) return Task.FromResult(SourceBytes.Failed(known.Code, known.Message));
        if (StorePictures.KeyOf(item.Locator) is { } key) return StorePictures.ReadAsync(_access.Store, key, cancellationToken);
        if (PictureUrl.Is(item.Locator)) return PictureUrl.ReadAsync(_access.Urls, item.Locator, cancellationToken);
        return _folder is null ? Task.FromResult(SourceBytes.Failed(ErrorCodes.UnsafePath, "Requests in a store name no files.")) : _folder.ReadAsync(item, cancellationToken);
    }

    private ShardItem Read(long number, ReadOnlyMemory<byte>? line)
    {
        if (line is not { } bytes) return Bad(null, $"has more than {RequestRows.MaxLine} bytes");
        var (row, id, error) = RequestRows.Parse(bytes);
        if (row is null) return Bad(id, error!);
        var item = new ShardItem { Index = 0, CustomId = row.CustomId, Locator = row.Image, Request = row.Request };
        if (StorePictures.KeyOf(row.Image) is not null) return item;
        if (PictureUrl.Is(row.Image)) return item with { Error = PictureUrl.Check(row.Image, $"Line {number}") };
        return _folder is null
            ? item with { Error = new ItemError(ErrorCodes.UnsafePath, $"Line {number}: requests in a store name pictures by URL or store:key, not by path.") }
            : ManifestFile.Find(item, Path.GetDirectoryName(_name)!, $"Line {number}");

        ShardItem Bad(string? customId, string why) => new() { Index = 0, CustomId = customId ?? $"line-{number}", Locator = "", Error = new ItemError(ErrorCodes.BadRow, $"Line {number} {why}.") };
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_key is null) return new FileStream(_name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return await _access.Store!.OpenReadAsync(_key, cancellationToken) ?? throw new DatasetException(ErrorCodes.SourceUnavailable, $"There is no blob {_key}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException && e is not BlobStoreException)
        {
            throw new DatasetException(ErrorCodes.SourceUnavailable, $"{_name} cannot be read: {e.Message}", e);
        }
    }

    private static UInt128 HashOf(string id) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}

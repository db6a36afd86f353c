using System.Security.Cryptography;
using System.Text.Json;
using Dpvr.Data.Blobs;
using Dpvr.Silo.Api.Problems;

namespace Dpvr.Silo.Api.Files;

/// <summary>Files in the store: <c>files/{id}/content</c> and, written after it, <c>files/{id}/file.json</c>. What has no file.json is no file.</summary>
internal sealed class FileStore(IBlobStore blobs, TimeProvider time)
{
    public const string Prefix = "file-";

    /// <summary>The purpose of files that were not uploaded.</summary>
    public const string Made = "batch_output";

    private const string Folder = "files/";
    private const int Buffer = 1 << 17;

    public static string ContentOf(string id) => $"{Folder}{id}/content";

    /// <summary>Where a file's users leave a note, so that it is not deleted under them.</summary>
    public static string UsersOf(string id) => $"{Folder}{id}/used-by/";

    public string NewId() => TimeIds.New(Prefix, time.GetUtcNow());

    public async Task<FileObject?> FindAsync(string id, CancellationToken cancellationToken) =>
        TimeIds.Is(id, Prefix) && await blobs.GetAsync(InfoOf(id), cancellationToken) is { } blob ? JsonSerializer.Deserialize<FileObject>(blob.Bytes, ApiJson.Answers) : null;

    /// <exception cref="ApiProblemException">There is none.</exception>
    public async Task<FileObject> ReadAsync(string id, CancellationToken cancellationToken) => await FindAsync(id, cancellationToken) ?? throw ApiProblemException.NotFound("file", id);

    public Stream OpenContent(FileObject file) => new BlobStream(blobs, ContentOf(file.Id), file.Bytes);

    /// <summary>Writes a file's content as it comes, in pieces; nobody sees it before <see cref="KeepAsync"/>.</summary>
    public async Task<(long Bytes, string Sha256)> WriteAsync(string id, Stream content, FileQuota.Room room, CancellationToken cancellationToken)
    {
        await using var staged = await blobs.StageAsync(ContentOf(id), cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Buffer];
        long bytes = 0;
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0; bytes += read)
        {
            room.Take(read);
            hash.AppendData(buffer, 0, read);
            await staged.Stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        await staged.SealAsync(cancellationToken);
        await staged.CommitAsync(cancellationToken);
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Makes what was written a file.</summary>
    public async Task<FileObject> KeepAsync(string id, string name, string purpose, long bytes, string? sha256, CancellationToken cancellationToken)
    {
        var file = new FileObject { Id = id, Bytes = bytes, CreatedAt = time.GetUtcNow().ToUnixTimeSeconds(), Filename = name, Purpose = purpose, Sha256 = sha256 };
        await ShowAsync(file, cancellationToken);
        return file;
    }

    /// <summary>Makes a file one that is there (again).</summary>
    public Task ShowAsync(FileObject file, CancellationToken cancellationToken) =>
        blobs.PutAsync(InfoOf(file.Id), JsonSerializer.SerializeToUtf8Bytes(file, ApiJson.Answers), BlobDurability.Durable, cancellationToken);

    /// <summary>Makes it one that is not there, for everyone who looks from now on.</summary>
    public Task HideAsync(string id, CancellationToken cancellationToken) => blobs.DeleteAsync(InfoOf(id), cancellationToken);

    /// <summary>The ids, of files that are only just coming too.</summary>
    public async Task<IEnumerable<string>> ListIdsAsync(CancellationToken cancellationToken) => (await blobs.ListFoldersAsync(Folder, cancellationToken)).Where(static f => TimeIds.Is(f, Prefix));

    /// <summary>Removes it; its name first, so that no moment shows a file without its content.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await HideAsync(id, cancellationToken);
        await blobs.DeletePrefixAsync($"{Folder}{id}/", cancellationToken);
    }

    public async Task<OpenAiList<FileObject>> ListAsync(int limit, string? after, string? purpose, bool ascending, CancellationToken cancellationToken)
    {
        var page = new List<FileObject>();
        foreach (var id in TimeIds.Page(await ListIdsAsync(cancellationToken), after, ascending))
        {
            if (await FindAsync(id, cancellationToken) is not { } file || (purpose is not null && file.Purpose != purpose)) continue;
            if (page.Count == limit) return new OpenAiList<FileObject>(page, true, page[0].Id, page[^1].Id);
            page.Add(file);
        }
        return new OpenAiList<FileObject>(page, false, page.FirstOrDefault()?.Id, page.LastOrDefault()?.Id);
    }

    /// <summary>The blob without which there is no such file.</summary>
    public static string InfoOf(string id) => $"{Folder}{id}/file.json";
}

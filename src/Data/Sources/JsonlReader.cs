using System.Runtime.CompilerServices;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;

namespace Dpvr.Data.Sources;

/// <summary>
/// A JSON Lines manifest: each line an object with a local path relative to the manifest's folder, or an http or https URL, in <c>image</c>, <c>file_name</c>, <c>path</c> or
/// <c>url</c>, and perhaps an id in <c>custom_id</c>, <c>question_id</c> or <c>id</c> (else the path is the id). A line that cannot be read is an item <c>line-N</c> with <c>bad_row</c>; the same id twice refuses the whole manifest.
/// </summary>
public sealed class JsonlReader : IDatasetReader
{
    private const int MaxLine = 1 << 20;
    private static readonly string[] s_paths = ["image", "file_name", "path", "url"];
    private static readonly string[] s_ids = ["custom_id", "question_id", "id"];
    private readonly string _manifest;
    private readonly FolderReader _folder;
    private readonly string _root;
    private readonly IPictureUrls? _urls;

    /// <summary>Takes the manifest; reads nothing yet.</summary>
    /// <exception cref="DatasetException">There is no such file.</exception>
    public JsonlReader(SourceSpec source, SourceAccess? access = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        _urls = access?.Urls;
        _manifest = Path.GetFullPath(source.Root);
        if (!File.Exists(_manifest)) throw new DatasetException(ErrorCodes.SourceUnavailable, $"There is no file {_manifest}.");
        _root = Path.GetDirectoryName(_manifest)!;
        _folder = new FolderReader(new SourceSpec { Root = _root });
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ShardItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        long line = 0, index = 0;
        using var reader = new StreamReader(_manifest);
        while (await reader.ReadLineAsync(cancellationToken) is { } text)
        {
            line++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            var item = Read(text, line) with { Index = index++ };
            if (!seen.TryAdd(item.CustomId, line))
                throw new DatasetException(ErrorCodes.DuplicateId, $"{_manifest}:{line}: id '{item.CustomId}' was used in line {seen[item.CustomId]} already.");
            yield return item;
        }
    }

    /// <inheritdoc/>
    public Task<SourceBytes> ReadAsync(ShardItem item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Error is null && PictureUrl.Is(item.Locator) ? PictureUrl.ReadAsync(_urls, item.Locator, cancellationToken) : _folder.ReadAsync(item, cancellationToken);
    }

    private ShardItem Read(string text, long line)
    {
        if (text.Length > MaxLine) return Bad($"has {text.Length} characters, more than {MaxLine}");
        try
        {
            using var row = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            if (row.RootElement.ValueKind != JsonValueKind.Object) return Bad("is no JSON object");
            if (First(row.RootElement, s_paths) is not { } path) return Bad($"has none of {string.Join(", ", s_paths)}");
            var id = First(row.RootElement, s_ids) ?? path;
            var item = new ShardItem { Index = 0, CustomId = id, Locator = path };
            return PictureUrl.Is(path) ? item with { Error = PictureUrl.Check(path, $"Line {line}") } : ManifestFile.Find(item, _root, $"Line {line}");
        }
        catch (JsonException e)
        {
            return Bad($"is no JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            return Bad("holds text that is not valid Unicode"); // an escaped half of a surrogate pair
        }

        ShardItem Bad(string why) => new() { Index = 0, CustomId = $"line-{line}", Locator = "", Error = new ItemError(ErrorCodes.BadRow, $"Line {line} {why}.") };
    }

    private static string? First(JsonElement row, string[] names)
    {
        foreach (var name in names)
            if (row.TryGetProperty(name, out var value))
            {
                if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text) return text;
                if (value.ValueKind == JsonValueKind.Number) return value.GetRawText();
            }
        return null;
    }
}

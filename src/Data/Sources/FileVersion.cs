using System.Globalization;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;

namespace Dpvr.Data.Sources;

/// <summary>Reads a file only as it was when the plan was made.</summary>
internal static class FileVersion
{
    public static string Of(FileInfo file) => file.LastWriteTimeUtc.Ticks.ToString("x", CultureInfo.InvariantCulture);

    public static async Task<SourceBytes> ReadAsync(string path, ShardItem item, CancellationToken cancellationToken)
    {
        if (item.Error is { } known) return SourceBytes.Failed(known.Code, known.Message);
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            var length = stream.Length;
            if (length > Array.MaxLength) return SourceBytes.Failed(ErrorCodes.DecodeLimit, $"{length} bytes are more than a picture may have.");
            if (Differs(path, length, item)) return Changed();
            if (length == 0) return SourceBytes.Failed(ErrorCodes.Empty, "The file has no bytes.");
            var bytes = new byte[length];
            var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            // Looked at again after reading: a file that is replaced or rewritten meanwhile gives neither picture.
            if (read != length || Differs(path, stream.Length, item)) return Changed();
            return SourceBytes.Of(bytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return SourceBytes.Failed(ErrorCodes.SourceMissing, "The file was removed after the job was planned.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SourceBytes.Failed(ErrorCodes.SourceUnreadable, e.Message);
        }

        static SourceBytes Changed() => SourceBytes.Failed(ErrorCodes.SourceChanged, "The file was replaced after the job was planned; run the command again to take the new one.");
    }

    private static bool Differs(string path, long length, ShardItem item)
    {
        var file = new FileInfo(path);
        if (!file.Exists) return true;
        if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
        return length != item.Size || (item.Version is not null && Of(file) != item.Version);
    }
}

using Dpvr.Contracts.Results;

namespace Dpvr.Data.Blobs;

/// <summary>What an error of the file system means to a job.</summary>
internal static class FileErrors
{
    public static BlobStoreException Map(Exception e, string path)
    {
        if (e is BlobStoreException already) return already;
        var code = e switch
        {
            UnauthorizedAccessException => ErrorCodes.OutputReadonly,
            IOException { HResult: Posix.Enospc or Posix.Edquot } => ErrorCodes.OutputFull,
            IOException { HResult: Posix.Erofs or Posix.Eacces or Posix.Eperm } => ErrorCodes.OutputReadonly,
            _ => ErrorCodes.Internal,
        };
        var what = code switch
        {
            ErrorCodes.OutputFull => "there is no room left",
            ErrorCodes.OutputReadonly => "it cannot be written",
            _ => e.Message,
        };
        return new BlobStoreException(code, $"{path}: {what}.", e);
    }

    public static BlobStoreException FromErrno(int errno, string path) => Map(new IOException($"error {errno}", errno), path);

    public static bool Is(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Whether a file or its folder was not there. Which of the two .NET says is looked up after the failure, when another may have made the folder: neither may be told from the other.</summary>
    public static bool IsGone(Exception e) => e is FileNotFoundException or DirectoryNotFoundException;
}

namespace Dpvr.Data.Blobs.Azure;

/// <summary>How patient a store in Azure Blob Storage is. These bound every call.</summary>
public sealed class AzureBlobOptions
{
    /// <summary>Time for one try of one request, its body included. Default: 60 s.</summary>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Tries of one request, the first included. Default: 8.</summary>
    public int Tries { get; set; } = 8;

    /// <summary>Time for all tries of one request and the waits between them: no new try begins after it. Default: 5 min.</summary>
    public TimeSpan TotalTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Wait before the second try; doubles with each further one, and up to a quarter is added by chance. A longer Retry-After of the service counts instead. Default: 0.5 s.</summary>
    public TimeSpan FirstWait { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest wait of the store's own choosing (not of a Retry-After). Default: 30 s.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of one request at most: larger blobs are written and read in pieces of this size, and a staged blob keeps one piece in memory. Default: 4 MiB.</summary>
    public int PieceBytes { get; set; } = 4 << 20;

    /// <summary>Blobs in one answer to a listing. Default: 5,000.</summary>
    public int PageBlobs { get; set; } = 5000;

    /// <summary>True creates the container when it is missing and the credentials allow it. Default: true.</summary>
    public bool CreateContainer { get; set; } = true;

    /// <summary>Called before each try after the first. Default: nobody.</summary>
    public Action? OnRetry { get; set; }

    /// <summary>Throws when an option's value makes no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Check(TryTimeout > TimeSpan.Zero && TryTimeout <= TimeSpan.FromHours(1), nameof(TryTimeout), TryTimeout, "more than 0, at most 1 hour");
        Check(Tries is >= 1 and <= 100, nameof(Tries), Tries, "1 to 100");
        Check(TotalTime > TimeSpan.Zero && TotalTime <= TimeSpan.FromDays(1), nameof(TotalTime), TotalTime, "more than 0, at most 1 day");
        Check(FirstWait >= TimeSpan.Zero && FirstWait <= LongestWait, nameof(FirstWait), FirstWait, $"0 to {nameof(LongestWait)} ({LongestWait})");
        Check(LongestWait <= TimeSpan.FromHours(1), nameof(LongestWait), LongestWait, "at most 1 hour");
        Check(PieceBytes is >= 1 and <= 1 << 30, nameof(PieceBytes), PieceBytes, "1 to 1073741824");
        Check(PageBlobs is >= 1 and <= 5000, nameof(PageBlobs), PageBlobs, "1 to 5000");
    }

    private static void Check(bool holds, string name, object value, string allowed)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, value, $"{nameof(AzureBlobOptions)}.{name} is {value}; allowed: {allowed}.");
    }
}

using System.Net;

namespace Dpvr.Silo.Api;

/// <summary>How the HTTP API behaves.</summary>
public sealed class ApiOptions
{
    /// <summary>Where it listens; null: nowhere. Default: null.</summary>
    public IPEndPoint? Listen { get; set; }

    /// <summary>Folders that callers may name: name → path. Default: none.</summary>
    public IDictionary<string, string> Roots { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Bytes of a JSON body. Default: 1 MiB.</summary>
    public long MostBodyBytes { get; set; } = 1 << 20;

    /// <summary>Bytes of a chat's body, which brings its picture along. Default: 32 MiB.</summary>
    public long MostChatBytes { get; set; } = 32 << 20;

    /// <summary>Bytes of an uploaded file. Default: 2 GiB.</summary>
    public long MostFileBytes { get; set; } = 2L << 30;

    /// <summary>Bytes of all uploaded files together. Default: 64 GiB.</summary>
    public long MostStoredBytes { get; set; } = 64L << 30;

    /// <summary>How long pictures that came with batches are kept at least; 1 day or more. Longer while a batch that needs them has not ended. Default: 7 days.</summary>
    public TimeSpan PicturesKept { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Calls a second of one key (or, without keys, of one address); twice as many in a burst. Default: 100.</summary>
    public int RequestsPerSecond { get; set; } = 100;

    /// <summary>Jobs and batches of one key that have not ended. Default: 1000.</summary>
    public int MostOpenJobs { get; set; } = 1000;

    /// <summary>Chats that are answered at once; each holds up to <see cref="MostChatBytes"/>, and its picture. Default: 64.</summary>
    public int MostChats { get; set; } = 64;

    /// <summary>Streams of events that are open at once. Default: 256.</summary>
    public int MostStreams { get; set; } = 256;

    /// <summary>Streams of events without news say that they live this often. Default: 15 s.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a job is looked at for a stream of events. Default: 500 ms.</summary>
    public TimeSpan EventInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}

namespace Dpvr.Data.Urls;

/// <summary>How pictures are fetched by their URLs.</summary>
public sealed class PictureUrlOptions
{
    /// <summary>Hosts that may be asked although their addresses are not public, as in <c>images.internal</c> or <c>10.0.0.7:8080</c>; with a port only there. Default: none.</summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <summary>Bytes of a picture at most. Default: 64 MiB.</summary>
    public int MaxBytes { get; set; } = 64 << 20;

    /// <summary>Redirects that are followed at most. Default: 5.</summary>
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Time to connect, for each address. Default: 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for a picture in all: redirects, pauses and further attempts in it. Default: 60 s.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts while a server says that it is busy or breaks off. Default: 4.</summary>
    public int Attempts { get; set; } = 4;

    /// <summary>Pause before the second attempt; each further one is twice as long. Default: 0.5 s.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest pause that a server may ask for; one that asks for more is not asked again. Default: 30 s.</summary>
    public TimeSpan LongestRetryAfter { get; set; } = TimeSpan.FromSeconds(30);
}

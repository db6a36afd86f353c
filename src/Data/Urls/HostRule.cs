using System.Globalization;

namespace Dpvr.Data.Urls;

/// <summary>A host that may be asked whatever its address is; with a port only there.</summary>
public sealed record HostRule(string Host, int? Port)
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "host, host:port, 10.0.0.7, [fd00::7]:8080";

    /// <summary>Reads a rule; false when it is none.</summary>
    public static bool TryParse(string text, out HostRule? rule)
    {
        ArgumentNullException.ThrowIfNull(text);
        rule = null;
        var (host, port) = (text, (int?)null);
        var colon = text.LastIndexOf(':');
        if (colon > text.LastIndexOf(']') && (text.IndexOf(':', StringComparison.Ordinal) == colon || text.StartsWith('[')))
        {
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535) return false;
            (host, port) = (text[..colon], number);
        }
        host = Bare(host);
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown) return false;
        rule = new HostRule(host, port);
        return true;
    }

    internal bool Allows(string host, int port) => (Port is null || Port == port) && string.Equals(Bare(host), Host, StringComparison.OrdinalIgnoreCase);

    private static string Bare(string host) => host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host.TrimEnd('.');
}

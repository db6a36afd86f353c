using System.Globalization;

namespace Dpvr.Silo.Messages.Hosting;

/// <summary>Where a RabbitMQ is, and who we are there: <c>amqp://user:password@host:port/vhost</c>, or <c>amqps://</c> for TLS.</summary>
public sealed record BusAddress
{
    private const int Plain = 5672, Secure = 5671;

    /// <summary>What is allowed, as words of a sentence.</summary>
    public const string Allowed = "amqp://user:password@host:port/vhost, or amqps:// for TLS";

    /// <summary>The host.</summary>
    public required string Host { get; init; }

    /// <summary>The port.</summary>
    public required int Port { get; init; }

    /// <summary>The virtual host. Default: <c>/</c>.</summary>
    public string VirtualHost { get; init; } = "/";

    /// <summary>The user. Default: guest.</summary>
    public string User { get; init; } = "guest";

    /// <summary>The password. Default: guest.</summary>
    public string Password { get; init; } = "guest";

    /// <summary>True speaks TLS.</summary>
    public bool IsSecure { get; init; }

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is none; the message does not repeat it, since it may hold a password.</exception>
    public static BusAddress Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw new FormatException($"the address is not allowed; allowed: {Allowed}.");
        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        var path = uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : "/";
        return new BusAddress
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort || uri.Port < 0 ? uri.Scheme == "amqps" ? Secure : Plain : uri.Port,
            VirtualHost = path,
            User = uri.UserInfo.Length == 0 ? "guest" : Uri.UnescapeDataString(colon < 0 ? uri.UserInfo : uri.UserInfo[..colon]),
            Password = uri.UserInfo.Length == 0 ? "guest" : colon < 0 ? "" : Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]),
            IsSecure = uri.Scheme == "amqps",
        };
    }

    /// <summary>The address without user and password.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsSecure ? "amqps" : "amqp")}://{Host}:{Port}/{(VirtualHost == "/" ? "" : Uri.EscapeDataString(VirtualHost))}");
}

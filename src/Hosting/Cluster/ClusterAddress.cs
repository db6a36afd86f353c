using System.Globalization;
using Npgsql;
using StackExchange.Redis;

namespace Dpvr.Hosting.Cluster;

/// <summary>Where the members of a cluster find each other: <c>redis://[user:password@]host[:port][/db]</c> (<c>rediss</c>: TLS) or <c>postgres://user[:password]@host[:port]/database</c>.</summary>
public sealed record ClusterAddress
{
    private const string Allowed = "redis://[user:password@]host[:port][/db], rediss://… or postgres://user[:password]@host[:port]/database";
    private readonly Uri _uri;

    private ClusterAddress(Uri uri, ClusterKind kind) => (_uri, Kind) = (uri, kind);

    /// <summary>Which membership store it is.</summary>
    public ClusterKind Kind { get; }

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is none; the message names the value, without its password, and what is allowed.</exception>
    public static ClusterAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0) throw Refuse("it is no address");
        ClusterKind? kind = uri.Scheme switch
        {
            "redis" or "rediss" => ClusterKind.Redis,
            "postgres" or "postgresql" => ClusterKind.Postgres,
            _ => null,
        };
        if (kind is null) throw Refuse($"'{uri.Scheme}' is no membership store");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0) throw Refuse("it has a query or a fragment");
        var path = uri.AbsolutePath.Trim('/');
        if (kind == ClusterKind.Redis && path.Length > 0 && !int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out _)) throw Refuse($"'{path}' is no number of a database");
        if (kind == ClusterKind.Postgres && (path.Length == 0 || uri.UserInfo.Length == 0)) throw Refuse("the user or the database is missing");
        return new ClusterAddress(uri, kind.Value);

        // The text may hold a password: it is never repeated as it came.
        FormatException Refuse(string why) => new($"'{WithoutSecret(text)}' is refused: {why}; allowed: {Allowed}.");
    }

    /// <summary>How Redis is connected to: a server that is away now is waited for.</summary>
    public ConfigurationOptions ToRedis()
    {
        var (user, password) = Credentials();
        return new ConfigurationOptions
        {
            EndPoints = { { _uri.Host, _uri.Port > 0 ? _uri.Port : 6379 } },
            User = user,
            Password = password,
            Ssl = _uri.Scheme == "rediss",
            DefaultDatabase = int.TryParse(_uri.AbsolutePath.Trim('/'), NumberStyles.None, CultureInfo.InvariantCulture, out var database) ? database : 0,
            AbortOnConnectFail = false,
            ConnectTimeout = 5000,
            AsyncTimeout = 5000,
            ClientName = "dpvr",
        };
    }

    /// <summary>How PostgreSQL is connected to.</summary>
    public string ToPostgres()
    {
        var (user, password) = Credentials();
        return new NpgsqlConnectionStringBuilder
        {
            Host = _uri.Host,
            Port = _uri.Port > 0 ? _uri.Port : 5432,
            Database = Uri.UnescapeDataString(_uri.AbsolutePath.Trim('/')),
            Username = user,
            Password = password,
            Timeout = 5,
            CommandTimeout = 10,
            ApplicationName = "dpvr",
        }.ConnectionString;
    }

    /// <summary>The address without user and password: for logs and messages.</summary>
    public override string ToString() => WithoutSecret(_uri.OriginalString);

    private (string? User, string? Password) Credentials()
    {
        if (_uri.UserInfo.Length == 0) return (null, null);
        var parts = _uri.UserInfo.Split(':', 2);
        var user = parts[0].Length > 0 ? Uri.UnescapeDataString(parts[0]) : null;
        return (user, parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : null);
    }

    // Everything up to the last '@' goes: a password may hold any character, escaped or not.
    private static string WithoutSecret(string text)
    {
        var at = text.LastIndexOf('@');
        if (at < 0) return text;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 || scheme > at ? "" : text[..(scheme + 3)]) + text[(at + 1)..];
    }
}

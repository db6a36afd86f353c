using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Dpvr.TestKit.Processes;

namespace Dpvr.TestKit.Servers;

/// <summary>A PostgreSQL cluster of a test's own. It refuses to run as root: then it runs as the user <c>postgres</c>.</summary>
public sealed class PostgresServer : ServerProcess
{
    /// <summary>Its user, who needs no password.</summary>
    public const string User = "dpvr";

    /// <summary>Its database.</summary>
    public const string Database = "postgres";

    private const string Account = "postgres";
    private const int ProtocolVersion3 = 196608;
    private static readonly string? s_postgres = Find("postgres"), s_initdb = Find("initdb"), s_setpriv = Programs.Find("setpriv", "/usr/bin");

    private PostgresServer() { }

    /// <summary>Why there is none to start; null when there is.</summary>
    public static string? Missing =>
        s_postgres is null || s_initdb is null ? "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        : Environment.IsPrivilegedProcess && s_setpriv is null ? "PostgreSQL does not run as root, and there is no setpriv to change the user"
        : null;

    /// <inheritdoc/>
    public override string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username={User};Database={Database}");

    private string Data => Folder.Of("data");

    /// <summary>Makes a cluster and starts it. What was committed outlives kill -9, though not a power cut (fsync is off).</summary>
    public static Task<PostgresServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var server = new PostgresServer();
        return server.StartFirstAsync(server, cancellationToken);
    }

    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (Missing is { } missing) throw new InvalidOperationException(missing);
        if (Environment.IsPrivilegedProcess) await RunAsync(ChildProcess.Start("chown", [Account, Folder.Path]), cancellationToken);
        await RunAsync(AsUser(s_initdb!, "-D", Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"), cancellationToken);
    }

    private protected override ChildProcess Launch() => AsUser(
        s_postgres!, "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "shared_buffers=16MB");

    // The startup message of protocol 3.0; the server is ready when it answers with 'Z' (ReadyForQuery), not before.
    private protected override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        var body = Encoding.ASCII.GetBytes($"user\0{User}\0database\0postgres\0\0");
        var startup = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(startup, startup.Length);
        BinaryPrimitives.WriteInt32BigEndian(startup.AsSpan(4), ProtocolVersion3);
        body.CopyTo(startup, 8);
        var stream = client.GetStream();
        await stream.WriteAsync(startup, cancellationToken);
        var head = new byte[5];
        while (true)
        {
            if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) < head.Length || head[0] == 'E') return false;
            if (head[0] == 'Z') return true;
            await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4], cancellationToken);
        }
    }

    private ChildProcess AsUser(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? ChildProcess.Start(s_setpriv!, ["--reuid", Account, "--regid", Account, "--init-groups", program, .. arguments], folder: Folder.Path)
        : ChildProcess.Start(program, arguments, folder: Folder.Path);

    private static async Task RunAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        using (child)
        {
            var end = await child.EndAsync(cancellationToken);
            if (end.Code != 0) throw new InvalidOperationException($"PostgreSQL could not be prepared: {end.Out}{end.Error}");
        }
    }

    private static string? Find(string program) => Programs.Find(program,
        Directory.Exists("/usr/lib/postgresql") ? [.. Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))] : []);
}

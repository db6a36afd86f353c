using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dpvr.TestKit.Processes;

namespace Dpvr.TestKit.Servers;

/// <summary>A RabbitMQ of a test's own, with an Erlang port mapper of its own. It needs 15 to 25 s to start: one is enough for a whole test program.</summary>
public sealed class RabbitServer : ServerProcess
{
    private static readonly string? s_program = Programs.Find("rabbitmq-server", "/usr/lib/rabbitmq/bin");
    private static readonly string? s_mapper = Programs.Find("epmd", "/usr/bin");
    private const int VirtualHosts = 16;
    private const string User = "guest";
    private int _taken;
    private readonly int _mapperPort = FreePort.Next(), _distribution = FreePort.Next();
    private ChildProcess? _mapper;

    private RabbitServer() { }

    /// <summary>Why there is none to start; null when there is.</summary>
    public static string? Missing => s_program is null || s_mapper is null || Script is null ? "rabbitmq-server is not installed (Debian: apt-get install rabbitmq-server)" : null;

    // Debian's command changes the user, which a private folder is not for; what it calls in the end is this.
    private static string? Script { get; } = File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server") ? "/usr/lib/rabbitmq/bin/rabbitmq-server" : s_program;

    /// <inheritdoc/>
    public override string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{Port}");

    /// <summary>What to connect with to a virtual host of it that nobody else uses: queues there are the caller's own.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public string TakeVirtualHost()
    {
        var taken = Interlocked.Increment(ref _taken);
        if (taken >= VirtualHosts) throw new InvalidOperationException($"All {VirtualHosts} virtual hosts of this broker are taken.");
        return string.Create(CultureInfo.InvariantCulture, $"{ConnectionString}/{taken}");
    }

    /// <summary>Starts one. Durable queues and what was confirmed outlive kill -9.</summary>
    public static Task<RabbitServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var server = new RabbitServer();
        return server.StartFirstAsync(server, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _mapper?.Dispose();
        GC.SuppressFinalize(this);
    }

    // The port mapper is ours: the server would start one that outlives it.
    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (Missing is { } missing) throw new InvalidOperationException(missing);
        foreach (var folder in (string[])["home", "mnesia", "log"]) Directory.CreateDirectory(Folder.Of(folder));
        await File.WriteAllTextAsync(Folder.Of("plugins"), "[].", cancellationToken);
        await File.WriteAllTextAsync(Folder.Of("definitions.json"), Definitions(), cancellationToken);
        await File.WriteAllTextAsync(Folder.Of("rabbitmq.conf"), $"load_definitions = {Folder.Of("definitions.json")}\n", cancellationToken);
        _mapper = ChildProcess.Start(s_mapper!, ["-address", "127.0.0.1", "-port", $"{_mapperPort}"], new Dictionary<string, string?> { ["HOME"] = Folder.Of("home") });
    }

    private protected override ChildProcess Launch() => ChildProcess.Start(Script!, [], new Dictionary<string, string?>
    {
        ["HOME"] = Folder.Of("home"),
        ["RABBITMQ_NODENAME"] = $"dpvr{Port}@localhost",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = $"{Port}",
        ["RABBITMQ_DIST_PORT"] = $"{_distribution}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_EPMD_PORT"] = $"{_mapperPort}",
        ["RABBITMQ_MNESIA_BASE"] = Folder.Of("mnesia"),
        ["RABBITMQ_LOG_BASE"] = Folder.Of("log"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Folder.Of("plugins"),
        ["RABBITMQ_CONFIG_FILE"] = Folder.Of("rabbitmq"),
        ["RABBITMQ_PID_FILE"] = Folder.Of("pid"),
        ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none",
    }, Folder.Path);

    // Its user and virtual hosts, as the broker reads them when it starts; a password is kept as a salt of 4 bytes and the hash of both.
    private static string Definitions()
    {
        byte[] salt = [1, 2, 3, 4];
        string[] hosts = ["/", .. Enumerable.Range(1, VirtualHosts - 1).Select(static i => i.ToString(CultureInfo.InvariantCulture))];
        return JsonSerializer.Serialize(new
        {
            users = new[] { new { name = User, password_hash = Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(User)])]), hashing_algorithm = "rabbit_password_hashing_sha256", tags = "administrator" } },
            vhosts = hosts.Select(static name => new { name }),
            permissions = hosts.Select(static vhost => new { user = User, vhost, configure = ".*", write = ".*", read = ".*" }),
        });
    }

    // A broker that is up answers AMQP's header with the method connection.start: a frame of type 1.
    private protected override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        await client.GetStream().WriteAsync("AMQP\0\0\t\x01"u8.ToArray(), cancellationToken);
        var reply = new byte[11];
        var read = await client.GetStream().ReadAtLeastAsync(reply, reply.Length, throwOnEndOfStream: false, cancellationToken);
        return read == reply.Length && reply[0] == 1 && reply[8] == 10 && reply[10] == 10;
    }
}

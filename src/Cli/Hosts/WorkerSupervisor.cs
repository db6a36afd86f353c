using System.CommandLine;
using System.Net;
using Dpvr.Cli.Terminal;
using Dpvr.Hosting;
using Dpvr.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Cli.Hosts;

/// <summary>
/// One worker process for each device. A process that dies (out of memory, a crash of a native library) takes no other with it and is started again;
/// one that refuses its command line ends them all.
/// </summary>
internal static class WorkerSupervisor
{
    public static async Task<ExitCode> RunAsync(WorkerSettings settings, ParseResult command, SystemConsole console, CancellationToken cancellationToken)
    {
        using var interrupts = Interrupts.Listen();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain);
        var children = settings.Devices.Select(device => new WorkerProcess(device, ArgumentsFor(settings, command, device), console, TimeProvider.System)).ToList();

        var builder = DpvrHost.CreateBuilder(settings.Log);
        builder.Services.AddDpvrHealth(settings.Health);
        foreach (var child in children)
            builder.Services.AddDpvrCheck(child.Device, $"the worker of {child.Device}", (_, _) => child.IsRunning ? Task.CompletedTask : throw new InvalidOperationException("It is being started again."));
        using var host = builder.Build();
        await host.StartAsync(CancellationToken.None);
        var ends = await Task.WhenAll(children.Select(async child =>
        {
            var end = await child.RunAsync(stop.Token);
            if (end == ExitCode.Usage) await stop.CancelAsync();
            return end;
        }));
        await host.StopAsync(CancellationToken.None);
        return ends.Contains(ExitCode.Usage) ? ExitCode.Usage : ExitCode.Ok;
    }

    /// <summary>The same command line for one device. Addresses go by the environment: they may hold passwords.</summary>
    internal static IReadOnlyList<string> ArgumentsFor(WorkerSettings settings, ParseResult command, string device)
    {
        var arguments = new List<string> { "worker" };
        string[] ours = ["--devices", "--device", "--name", "--health", "--metrics"];
        var tokens = command.Tokens.Select(static t => t.Value).Skip(1).ToList();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!ours.Contains(tokens[i].Split('=')[0], StringComparer.Ordinal)) arguments.Add(tokens[i]);
            else if (!tokens[i].Contains('=', StringComparison.Ordinal)) i++;
        }
        return [.. arguments, "--device", device, "--name", $"{settings.Name}-{device.Replace(':', '-')}", "--health", "off", .. MetricsOf(settings, device)];
    }

    /// <summary>A named port is the first process' and each further one has the next; one that nobody named is each process' own matter.</summary>
    private static IReadOnlyList<string> MetricsOf(WorkerSettings settings, string device)
    {
        if (settings.Telemetry.MayMove) return [];
        if (settings.Telemetry.Listen is not { } listen) return ["--metrics", "off"];
        return ["--metrics", $"{new IPEndPoint(listen.Address, listen.Port == 0 ? 0 : listen.Port + Math.Max(0, settings.Devices.ToList().IndexOf(device)))}"];
    }
}

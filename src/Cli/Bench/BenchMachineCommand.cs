using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;
using Dpvr.Model.Engine.Benchmark;

namespace Dpvr.Cli.Bench;

/// <summary><c>dpvr bench machine</c></summary>
internal static class BenchMachineCommand
{
    public static Command Create(SystemConsole console)
    {
        var model = new ModelOptions();
        var json = new Option<bool>("--json") { Description = "Print a line of JSON. Default: text." };
        var command = new ExampleCommand("machine", "What the machine can do at most: matrix products and reading memory.")
        {
            Examples = [new("dpvr bench machine", "to hold other figures against")],
        };
        model.AddTo(command);
        command.Add(json);
        command.SetAction((result, _) =>
        {
            var row = MachineBenchmark.Run(model.Prepare(result).Device);
            console.Out.WriteLine(result.GetValue(json)
                ? JsonSerializer.Serialize(row)
                : string.Create(CultureInfo.InvariantCulture, $"{row.Processor}, {row.Cores} cores, {row.Threads} threads; on {row.Device}: float32 {row.SingleGflops:0} GFLOP/s ({row.PackedGflops:0} as an engine packs its weights), bfloat16 {row.HalfGflops:0} GFLOP/s, reading {row.ReadGigabytesPerSecond:0.0} GB/s"));
            return Task.FromResult((int)ExitCode.Ok);
        });
        return command;
    }
}

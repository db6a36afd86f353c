using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;
using Dpvr.Model.Runtime;

namespace Dpvr.Cli.Hosts;

/// <summary><c>dpvr devices</c>: what this machine can compute on.</summary>
internal static class DevicesCommand
{
    private const double Gibibyte = 1 << 30;

    public static Command Create(SystemConsole console)
    {
        var json = new Option<bool>("--json") { Description = "A JSON array on standard output. Default: text." };
        var command = new ExampleCommand("devices", "List what this machine can compute on, with name and memory.") { Examples = [new("dpvr devices", "cpu, cuda:0 …")] };
        command.Add(json);
        command.SetAction(result =>
        {
            var devices = MachineDevices.Find();
            if (result.GetValue(json)) console.Out.WriteLine(JsonSerializer.Serialize(devices, DevicesJson.Default.IReadOnlyListMachineDevice));
            else foreach (var d in devices) console.Out.WriteLine(Line(d));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    public static string Line(MachineDevice d) =>
        string.Create(CultureInfo.InvariantCulture, $"{d.Name,-8} {d.Product}, {d.Memory / Gibibyte:F1} GiB, {d.Free / Gibibyte:F1} GiB free");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<MachineDevice>))]
internal sealed partial class DevicesJson : JsonSerializerContext;

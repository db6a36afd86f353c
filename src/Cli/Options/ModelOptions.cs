using System.CommandLine;
using Dpvr.Cli.Caption;
using Dpvr.Model.Layers;
using Dpvr.Model.Runtime;
using static TorchSharp.torch;

namespace Dpvr.Cli.Options;

/// <summary>Which model and where to compute, for commands that run one in this process.</summary>
internal sealed class ModelOptions
{
    private static readonly string[] Dtypes = [.. DeviceChoice.Dtypes];

    private readonly Option<string?> _model = new("--model", "-m") { HelpName = "folder", Description = "LLaVA-1.5 checkpoint in the Hugging Face layout. Default: the small model that ships with dpvr." };
    private readonly Option<string?> _device = new("--device") { HelpName = "cpu|cuda|cuda:N", Description = "Where to compute. Default: cuda where there is one, else cpu." };
    private readonly Option<string?> _dtype = CheckedOption.OneOf("--dtype", Dtypes, "Precision of the weights; int8 needs a CPU with AVX-512 VNNI. Default: float32 on a CPU, bfloat16 on CUDA.");
    private readonly Option<int> _threads = CheckedOption.Number("--threads", Environment.ProcessorCount, 1, 1024, "CPU threads.");

    internal void AddTo(Command command)
    {
        foreach (var option in (Option[])[_model, _device, _dtype, _threads]) command.Add(option);
    }

    /// <summary>The model's folder.</summary>
    /// <exception cref="UsageException">It does not exist, or none was named and none came with the program.</exception>
    internal string Folder(ParseResult result)
    {
        var folder = result.GetValue(_model) ?? ShippedModel.Find();
        if (!Directory.Exists(folder)) throw new UsageException($"--model: '{folder}' does not exist; allowed: a folder with config.json and *.safetensors.");
        return Path.GetFullPath(folder);
    }

    internal int Threads(ParseResult result) => result.GetValue(_threads);

    /// <summary>Loads libtorch and sets up this process.</summary>
    /// <exception cref="UsageException">There is no such device.</exception>
    internal Placement Prepare(ParseResult result)
    {
        try
        {
            var placement = DeviceChoice.Parse(result.GetValue(_device) ?? "auto", result.GetValue(_dtype) ?? "auto");
            set_num_threads(Threads(result));
            return placement;
        }
        catch (Exception e) when (e is DeviceUnavailableException or ArgumentException)
        {
            throw new UsageException($"--device: {e.Message}", e);
        }
    }
}

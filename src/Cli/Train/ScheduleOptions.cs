using System.CommandLine;
using Dpvr.Cli.Options;
using Dpvr.Model.Training;

namespace Dpvr.Cli.Train;

/// <summary>Options that every training run has.</summary>
internal sealed class ScheduleOptions
{
    private static readonly string[] Dtypes = ["float32", "bfloat16"];

    private readonly Option<int> _steps, _batch, _warmup, _saveEvery, _threads;
    private readonly Option<double> _learningRate, _weightDecay;
    private readonly Option<int> _seed = CheckedOption.Number("--seed", 1, 0, int.MaxValue, "Seed of everything random.");
    private readonly Option<string?> _compute = CheckedOption.OneOf("--compute-dtype", Dtypes, "float32",
        "Precision of matrix products; bfloat16 is faster on a GPU or a processor with AVX-512 BF16 or AMX. Weights stay float32. Default: float32.");
    private readonly Option<string?> _device = new("--device") { HelpName = "cpu|cuda|cuda:N", Description = "Where to compute. Default: cpu.", DefaultValueFactory = _ => "cpu" };

    internal ScheduleOptions(TrainingOptions defaults)
    {
        _steps = CheckedOption.Number("--steps", defaults.Steps, 1, 100_000_000, "Optimiser steps.");
        _batch = CheckedOption.Number("--batch-size", defaults.Batch, 1, 65_536, "Pictures a step.");
        _warmup = CheckedOption.Number("--warmup", defaults.Warmup, 0, 1_000_000, "Steps of linear warm-up.");
        _saveEvery = CheckedOption.Number("--save-every", defaults.SaveEvery, 1, 1_000_000, "Steps between saved states: what a kill can cost.");
        _learningRate = CheckedOption.Fraction("--learning-rate", defaults.LearningRate, 0, 1, "Peak learning rate; it falls along a cosine.");
        _weightDecay = CheckedOption.Fraction("--weight-decay", defaults.WeightDecay, 0, 1, "Decoupled weight decay of matrices.");
        _threads = CheckedOption.Number("--threads", Environment.ProcessorCount, 1, 1024, "CPU threads.");
    }

    internal void AddTo(Command command)
    {
        foreach (var option in (Option[])[_steps, _batch, _learningRate, _warmup, _weightDecay, _saveEvery, _seed, _compute, _device, _threads])
            command.Add(option);
    }

    internal TrainingOptions Read(ParseResult result, TrainingOptions defaults) => defaults with
    {
        Steps = result.GetValue(_steps),
        Batch = result.GetValue(_batch),
        LearningRate = result.GetValue(_learningRate),
        Warmup = result.GetValue(_warmup),
        WeightDecay = result.GetValue(_weightDecay),
        SaveEvery = result.GetValue(_saveEvery),
        Seed = result.GetValue(_seed),
    };

    internal TrainingMachine Machine(ParseResult result) =>
        new(result.GetValue(_device)!, result.GetValue(_compute) == "bfloat16", result.GetValue(_threads));
}

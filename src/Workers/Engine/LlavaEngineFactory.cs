using Dpvr.Contracts.Jobs;
using Dpvr.Model;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Pictures;
using Dpvr.Model.Runtime;
using Dpvr.Model.Tokens;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace Dpvr.Workers.Engine;

/// <summary>Loads LLaVA-1.5 checkpoints.</summary>
public sealed class LlavaEngineFactory(IOptions<LlavaEngineOptions> options, TimeProvider time) : IEngineFactory
{
    /// <summary>Text tokens before the picture that a row's own prompt may have.</summary>
    private const int RowPrefix = 64;

    /// <exception cref="CheckpointException">The checkpoint is refused.</exception>
    /// <exception cref="DeviceUnavailableException">The device is not there.</exception>
    /// <exception cref="EngineMemoryException">The batch asked for does not fit.</exception>
    public ICaptionEngine Create(JobSpec job)
    {
        var placement = DeviceChoice.Parse(options.Value.Device, options.Value.Dtype);
        torch.set_num_threads(options.Value.Threads);
        EnginePlan? plan = null;
        var free = MemoryBudget.Free(placement.Device);
        var bundle = LlavaBundle.Load(ModelFolder.Find(job.Model, options.Value.ModelFolders), job.Routing.Kind, job.Routing.SaturationLayer, placement, job.Routing.VisualTokens,
            (config, routing, prompts) => plan = EnginePlan.Of(config, routing, placement, DemandOf(job, config, prompts), MemoryBudget.Default(placement.Device)));
        try
        {
            ModelFolder.CheckRevision(job.Model, bundle);
            var shape = plan!.Options;
            var description = new EngineDescription
            {
                Model = job.Model.Name,
                Revision = job.Model.Revision,
                Routing = job.Routing.ToString(),
                Device = placement.Device.type == DeviceType.CUDA ? $"cuda:{Math.Max(0, placement.Device.index)}" : "cpu",
                Dtype = placement.DtypeName,
                Slots = shape.Slots,
                WeightBytes = plan.WeightBytes,
                KeyValueBytes = plan.KeyValueBytes,
                PassBytes = plan.PassBytes,
                FreeBytes = free - plan.TotalBytes,
            };
            return new LlavaCaptionEngine(bundle, new GenerationEngine(bundle.Model, shape, time), PictureFit.CenterCrop, description);
        }
        catch
        {
            bundle.Dispose();
            throw;
        }
    }

    /// <summary>Room for the job's longest prompt and answer; as many slots as the job says, or as fit the memory.</summary>
    private static EngineDemand DemandOf(JobSpec job, LlavaConfig config, PromptEncoder encoder)
    {
        var rows = EngineKeys.LimitsOf(job);
        int[][] prompts = [.. job.Prompts.Select(p => encoder.Encode(p.Text, images: 1)).Where(p => p.Error is null).Select(p => p.Ids)];
        int Before(int[] ids) => Math.Max(0, Array.LastIndexOf(ids, config.ImageTokenIndex));
        return new EngineDemand
        {
            PrefixText = Math.Max(prompts.Select(Before).DefaultIfEmpty(0).Max(), rows is null ? 0 : RowPrefix),
            SuffixText = prompts.Select(p => p.Length - 1 - Before(p)).DefaultIfEmpty(1).Max() + (rows?.PromptTokens ?? 0),
            NewTokens = EngineKeys.NewTokensOf(job),
            Questions = Math.Max(1, job.Prompts.Count),
            BatchSize = job.BatchSize > 0 ? job.BatchSize : null,
        };
    }
}

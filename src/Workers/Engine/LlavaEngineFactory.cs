using Dpvr.Contracts.Jobs;
using Dpvr.Model;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Pictures;
using Dpvr.Model.Runtime;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace Dpvr.Workers.Engine;

/// <summary>Loads LLaVA-1.5 checkpoints.</summary>
public sealed class LlavaEngineFactory(IOptions<LlavaEngineOptions> options, TimeProvider time) : IEngineFactory
{
    /// <exception cref="CheckpointException">The checkpoint is refused.</exception>
    /// <exception cref="DeviceUnavailableException">The device is not there.</exception>
    /// <exception cref="EngineMemoryException">The batch asked for does not fit.</exception>
    public ICaptionEngine Create(JobSpec job)
    {
        var placement = DeviceChoice.Parse(options.Value.Device, options.Value.Dtype);
        torch.set_num_threads(options.Value.Threads);
        var bundle = LlavaBundle.Load(ModelFolder.Find(job.Model, options.Value.ModelFolders), job.Routing.Kind, job.Routing.SaturationLayer, placement);
        try
        {
            ModelFolder.CheckRevision(job.Model, bundle);
            var shape = ShapeOf(job, bundle);
            var description = new EngineDescription
            {
                Model = job.Model.Name,
                Revision = job.Model.Revision,
                Routing = job.Routing.ToString(),
                Device = placement.Device.type == DeviceType.CUDA ? $"cuda:{Math.Max(0, placement.Device.index)}" : "cpu",
                Dtype = placement.Dtype.ToString().ToLowerInvariant(),
                Slots = shape.Slots,
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
    private static EngineOptions ShapeOf(JobSpec job, LlavaBundle bundle)
    {
        var config = bundle.Model.Config;
        var prompt = job.Prompts.Select(p => bundle.Prompts.Encode(p.Text, images: 1)).Where(p => p.Error is null).Select(p => p.Ids.Length - p.Images).DefaultIfEmpty(1).Max();
        var text = Math.Clamp(prompt + job.Sampling.MaxNewTokens, 2, Math.Max(2, config.Text.MaxPositions - config.ImageTokens));
        var memory = KeyValuePlan.Of(config, bundle.Model.Plan, bundle.Model.Placement.Dtype, maxImages: 1, text);
        var slots = MemoryBudget.Slots(memory, bundle.Model.Placement.Device, job.BatchSize > 0 ? job.BatchSize : null);
        return new EngineOptions
        {
            Slots = slots,
            MaxTextTokens = text,
            PrefillBatch = Math.Min(slots, 8),
            // A picture's prompts follow each other closely: what is live and what waits next is enough.
            CachedImages = job.Prompts.Count > 1 ? slots + 8 : 8,
            Pixels = PixelScale.Of(bundle.Images),
        };
    }
}

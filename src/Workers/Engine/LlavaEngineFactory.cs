using Dpvr.Contracts.Jobs;
using Dpvr.Model;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Layers;
using Dpvr.Model.Pictures;
using Dpvr.Model.Routing;
using Dpvr.Model.Runtime;
using Dpvr.Model.Tokens;
using Microsoft.Extensions.Options;
using static TorchSharp.torch;

namespace Dpvr.Workers.Engine;

/// <summary>Loads LLaVA-1.5 checkpoints.</summary>
public sealed class LlavaEngineFactory(IOptions<LlavaEngineOptions> options, TimeProvider time) : IEngineFactory
{
    /// <exception cref="CheckpointException">The checkpoint is refused.</exception>
    /// <exception cref="EngineMemoryException">The batch asked for does not fit.</exception>
    public ICaptionEngine Create(JobSpec job)
    {
        LibTorch.EnsureLoaded();
        set_num_threads(options.Value.Threads);
        var placement = LlavaPlacement.Of(options.Value);
        using var checkpoint = Checkpoint.Open(job.Model.Path);
        var tokenizer = Tokenizer.Load(job.Model.Path);
        checkpoint.RequireVocabulary(tokenizer.VocabularySize);
        var encoder = new PromptEncoder(tokenizer, ChatTemplate.Load(job.Model.Path), checkpoint.Config.ImageTokenIndex);
        var processor = ImageProcessor.Load(job.Model.Path);
        if (processor.Size != checkpoint.Config.Vision.ImageSize)
            throw new CheckpointException($"{job.Model.Path}: preprocessor_config.json makes pictures of {processor.Size} pixels a side; the vision tower reads {checkpoint.Config.Vision.ImageSize}.");
        var plan = LlavaRouting.PlanOf(job.Routing, checkpoint);

        var shape = ShapeOf(job, checkpoint, plan, placement, encoder);
        var model = new LlavaModel(checkpoint.Config, plan, checkpoint, plan.HasSideBranch ? checkpoint : null, placement);
        try
        {
            var engine = new GenerationEngine(model, shape, time);
            var description = new EngineDescription
            {
                Model = job.Model.Name,
                Revision = job.Model.Revision,
                Routing = job.Routing.ToString(),
                Device = LlavaPlacement.NameOf(placement.Device),
                Dtype = LlavaPlacement.NameOf(placement.Dtype),
                Slots = shape.Slots,
            };
            return new LlavaCaptionEngine(engine, model, tokenizer, encoder, new StopRules([.. checkpoint.Generation.EosTokenIds]), processor, PictureFit.CenterCrop, description);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Room for the job's longest prompt and answer; as many slots as the job says, or as fit the memory.</summary>
    private EngineOptions ShapeOf(JobSpec job, Checkpoint checkpoint, RoutingPlan plan, Placement placement, PromptEncoder encoder)
    {
        var prompt = job.Prompts.Select(p => encoder.Encode(p.Text, images: 1)).Where(p => p.Error is null).Select(p => p.Ids.Length - p.Images).DefaultIfEmpty(1).Max();
        var room = checkpoint.Config.Text.MaxPositions - checkpoint.Config.ImageTokens;
        var text = Math.Clamp(prompt + job.Sampling.MaxNewTokens, 2, Math.Max(2, room));
        var memory = KeyValuePlan.Of(checkpoint.Config, plan, placement.Dtype, maxImages: 1, text);
        var budget = (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * options.Value.AutoMemoryShare);
        if (job.BatchSize > 0 && placement.Device.type == TorchSharp.DeviceType.CPU) memory.Demand(job.BatchSize, budget);
        var slots = job.BatchSize > 0 ? job.BatchSize : Math.Clamp(memory.SlotsWithin(budget), 1, options.Value.AutoSlots);
        return new EngineOptions { Slots = slots, MaxTextTokens = text, PrefillBatch = Math.Min(slots, 8), CachedImages = Math.Max(32, slots) };
    }
}

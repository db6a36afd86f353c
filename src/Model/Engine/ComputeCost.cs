using Dpvr.Model.Checkpoints;
using Dpvr.Model.Routing;

namespace Dpvr.Model.Engine;

/// <summary>
/// Floating-point operations that the engine's matrix products take for one sequence (a multiply and an add are two).
/// Counted is what is computed: masked attention whole, and of the last layer only what somebody reads.
/// </summary>
public static class ComputeCost
{
    /// <summary>Vision tower and projector, for one image.</summary>
    public static double Vision(LlavaConfig config)
    {
        var vision = config.Vision;
        double width = vision.HiddenSize, patches = vision.Patches, tokens = patches + 1, text = config.Text.HiddenSize;
        var layers = config.VisionFeatureLayer < 0 ? vision.Layers + 1 + config.VisionFeatureLayer : config.VisionFeatureLayer;
        var layer = 2 * tokens * (4 * width * width + 2 * width * vision.IntermediateSize) + 4 * tokens * tokens * width;
        return 2 * patches * vision.Channels * vision.PatchSize * vision.PatchSize * width + layers * layer + 2 * config.ImageTokens * (width * text + text * text);
    }

    /// <summary>Decoder and head, from the prompt to its first new token; of its text tokens, <paramref name="shared"/> were computed for another prompt.</summary>
    public static double Prefill(LlavaConfig config, RoutingPlan plan, int images, int textTokens, int shared = 0)
    {
        var text = config.Text;
        double vision = (double)images * config.ImageTokens, sum = Head(text);
        for (var i = 0; i < plan.Layers; i++)
        {
            var tokens = textTokens + (plan.SeesImages(i) ? vision : 0);
            sum += i < plan.Layers - 1 ? Layer(text, tokens - shared, tokens - shared, tokens) : Layer(text, tokens - shared, 1, tokens);
        }
        return sum + (plan.HasSideBranch ? Layer(text, vision, vision, vision) : 0);
    }

    /// <summary>Decoder and head, for one more token when <paramref name="textTokens"/> stand before it.</summary>
    public static double Decode(LlavaConfig config, RoutingPlan plan, int images, int textTokens)
    {
        var sum = Head(config.Text);
        for (var i = 0; i < plan.Layers; i++)
            sum += Layer(config.Text, 1, 1, textTokens + 1 + (plan.SeesImages(i) ? (double)images * config.ImageTokens : 0));
        return sum;
    }

    /// <summary>A layer that projects keys of some tokens, and reads the output of others against <paramref name="seen"/> keys.</summary>
    private static double Layer(TextConfig text, double keyed, double read, double seen)
    {
        double queries = (double)text.Heads * text.HeadDim, keys = (double)text.KeyValueHeads * text.HeadDim, width = text.HiddenSize;
        return 2 * keyed * 2 * keys * width + 2 * read * (2 * queries * width + 3.0 * width * text.IntermediateSize) + 4 * read * seen * queries;
    }

    private static double Head(TextConfig text) => 2.0 * text.HiddenSize * text.VocabularySize;
}

using static TorchSharp.torch;

namespace Dpvr.Model.Vision;

/// <summary>
/// Chooses the vision tokens that say most about an image: those at which the tower's class token looks most in the layer whose features
/// are used (as VisionZip, arXiv 2412.04467, and FasterVLM, arXiv 2412.01818, do). They stay in their order; what is left out takes no position.
/// </summary>
internal static class VisualTokens
{
    /// <param name="features">(N, P, dv)</param>
    /// <param name="looks">How much the class token looks at each: (N, P).</param>
    /// <param name="count">How many are kept, K.</param>
    /// <returns>(N, K, dv)</returns>
    internal static Tensor Keep(Tensor features, Tensor looks, int count)
    {
        var (_, chosen) = looks.topk(count, 1); // (N, K), most first
        var (inOrder, _) = chosen.sort(1);
        return features.gather(1, inOrder.unsqueeze(2).expand(-1, -1, features.shape[2])); // (N, P, dv) → (N, K, dv)
    }
}

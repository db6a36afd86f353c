using TorchSharp;

namespace Dpvr.Model.Layers;

/// <summary>
/// Numbers that meet tensors. A number written in an expression becomes a temporary <see cref="Scalar"/> whose finaliser can
/// free it while the native call still reads it (seen: a training run ended after some 600 steps), so those of a hot path
/// are held here or in a field.
/// </summary>
internal static class Scalars
{
    internal static readonly Scalar Zero = 0, One = 1, Levels = 255, QuickGeluSlope = 1.702, NegativeInfinity = double.NegativeInfinity;
}

using Dpvr.Contracts.Jobs;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Routing;

namespace Dpvr.Workers.Engine;

/// <summary>A job's routing as a plan for a checkpoint.</summary>
public static class LlavaRouting
{
    /// <summary>The routing that suits a checkpoint best: its side branch's, where it has one.</summary>
    public static string DefaultOf(Checkpoint checkpoint) => checkpoint.Dpvr is null ? "dense" : "dpvr-lf";

    /// <exception cref="CheckpointException">The checkpoint cannot be run so; the message says what is allowed.</exception>
    public static RoutingPlan PlanOf(RoutingSpec routing, Checkpoint checkpoint)
    {
        var (layers, trained) = (checkpoint.Config.Text.Layers, checkpoint.Dpvr);
        try
        {
            return routing.Kind switch
            {
                "dense" => RoutingPlan.Dense(layers),
                "withdraw" => RoutingPlan.Withdraw(layers, routing.SaturationLayer ?? trained?.SaturationLayer ?? Math.Max(1, layers / 2)),
                "dpvr-lf" when trained is null => throw new CheckpointException(
                    $"routing 'dpvr-lf' needs a trained side branch, and {checkpoint.Folder} has none; allowed: dense, withdraw (or train one: dpvr train side-branch)."),
                "dpvr-lf" => RoutingPlan.DpvrLf(layers, routing.SaturationLayer ?? trained.SaturationLayer, trained.FusionLayer),
                _ => throw new CheckpointException($"routing '{routing.Kind}' is not allowed; allowed: dense, withdraw, dpvr-lf."),
            };
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new CheckpointException(e.Message, e);
        }
    }
}

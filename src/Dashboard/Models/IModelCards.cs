namespace Dpvr.Dashboard.Models;

/// <summary>What is known of the models that jobs may name.</summary>
public interface IModelCards
{
    /// <summary>All of them, the usual one first.</summary>
    Task<IReadOnlyList<ModelCardView>> ReadAsync(CancellationToken cancellationToken);
}

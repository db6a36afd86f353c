namespace Dpvr.Model.Engine;

/// <summary>Tokens that end a sequence; they are part of the result. Stop strings belong to whoever decodes the text.</summary>
/// <param name="TokenIds">For example <c>eos_token_id</c> of <c>generation_config.json</c>.</param>
public sealed record StopRules(IReadOnlyCollection<int> TokenIds)
{
    /// <summary>A sequence ends by its length alone.</summary>
    public static StopRules None { get; } = new([]);
}

namespace Dpvr.Model.Tokens;

/// <summary>Why a prompt can't be used.</summary>
/// <param name="Code">Stable name, for records and clients.</param>
/// <param name="Message">For people.</param>
public sealed record PromptError(string Code, string Message)
{
    /// <summary>The prompt has another number of <c>&lt;image&gt;</c> markers than there are pictures.</summary>
    public const string ImageCount = "prompt_images";
}

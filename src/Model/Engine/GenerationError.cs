namespace Dpvr.Model.Engine;

/// <summary>Why one request failed; the others go on.</summary>
/// <param name="Code">One of the codes below.</param>
/// <param name="Message">The values and what is allowed.</param>
public sealed record GenerationError(string Code, string Message)
{
    /// <summary>The model computed NaN or an infinity.</summary>
    public const string ModelNan = "model_nan";

    /// <summary>There is no memory for this request even alone.</summary>
    public const string GpuOom = "gpu_oom";

    /// <summary>The prompt does not fit into a slot, or into the model's positions.</summary>
    public const string PromptTooLong = "prompt_too_long";

    /// <summary>The prompt is empty, names another number of images than it brings, or has an id outside the vocabulary.</summary>
    public const string PromptInvalid = "prompt_invalid";

    /// <summary>An image has another size than the tower reads.</summary>
    public const string ImageInvalid = "image_invalid";

    /// <summary>Sampling options outside their ranges.</summary>
    public const string SamplingInvalid = "sampling_invalid";
}

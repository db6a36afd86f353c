namespace Dpvr.Model.Engine;

/// <summary>Says before anything runs why a request cannot be served.</summary>
internal static class PromptCheck
{
    internal static GenerationError? Of(GenerationRequest request, PromptSplit split, LlavaModel model, EngineOptions options)
    {
        var config = model.Config;
        var (prompt, images) = (request.Prompt, split.Layout.Vision / config.ImageTokens);
        if (prompt.Count == 0) return Invalid("The prompt is empty.");
        for (var i = 0; i < prompt.Count; i++)
            if (prompt[i] != config.ImageTokenIndex && (prompt[i] < 0 || prompt[i] >= config.Text.VocabularySize))
                return Invalid($"Token id {prompt[i]} at place {i} is outside the vocabulary of {config.Text.VocabularySize}.");
        if (images != request.Images.Count) return Invalid($"The prompt names {images} images and brings {request.Images.Count}.");
        if (split.Suffix.Length + split.Layout.Text == 0 && !model.Plan.SeesImages(model.Plan.Layers - 1))
            return Invalid($"The prompt is an image alone, of which nothing reaches the last layer under '{model.Plan.Name}': it needs a text.");
        if (images > options.MaxImages) return TooLong($"The prompt has {images} images; this engine reserves memory for {options.MaxImages} a sequence.");
        if (split.Layout.Text > options.MaxPrefixText)
            return TooLong($"The prompt has {split.Layout.Text} text tokens before its last image; this engine reserves memory for {options.MaxPrefixText} there.");
        if (split.Suffix.Length > options.MaxTextTokens)
            return TooLong($"The prompt has {split.Suffix.Length} text tokens{(images > 0 ? " behind its last image" : "")}; this engine reserves memory for {options.MaxTextTokens} a sequence.");
        if (split.Length > config.Text.MaxPositions) return TooLong($"The prompt has {split.Length} tokens with its images; the model has {config.Text.MaxPositions} positions.");

        var size = config.Vision.ImageSize;
        foreach (var image in request.Images)
            if (image.Length != 3 * size * size)
                return new(GenerationError.ImageInvalid, $"Image {image.Key} has {image.Length} values; the tower reads 3 x {size} x {size}.");
        try
        {
            request.Sampling.Validate();
        }
        catch (ArgumentOutOfRangeException e)
        {
            return new(GenerationError.SamplingInvalid, e.Message);
        }
        return null;

        static GenerationError Invalid(string message) => new(GenerationError.PromptInvalid, message);
        static GenerationError TooLong(string message) => new(GenerationError.PromptTooLong, message);
    }
}

using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Engine;

/// <summary>Says before anything runs why a request cannot be served, and how long its parts are.</summary>
internal static class PromptCheck
{
    internal static (GenerationError? Error, int TextTokens, int ImageTokens) Of(GenerationRequest request, LlavaConfig config, EngineOptions options)
    {
        int text = 0, images = 0, perImage = config.ImageTokens;
        var prompt = request.Prompt;
        for (var i = 0; i < prompt.Count; i++)
        {
            if (prompt[i] != config.ImageTokenIndex)
            {
                text++;
                if (prompt[i] < 0 || prompt[i] >= config.Text.VocabularySize)
                    return Fail(GenerationError.PromptInvalid, $"Token id {prompt[i]} at place {i} is outside the vocabulary of {config.Text.VocabularySize}.");
                continue;
            }
            var run = 1;
            while (run < perImage && i + run < prompt.Count && prompt[i + run] == config.ImageTokenIndex) run++;
            if (run == perImage) i += run - 1; // already expanded
            images++;
        }
        if (prompt.Count == 0) return Fail(GenerationError.PromptInvalid, "The prompt is empty.");
        if (images != request.Images.Count)
            return Fail(GenerationError.PromptInvalid, $"The prompt names {images} images and brings {request.Images.Count}.");
        if (images > options.MaxImages)
            return Fail(GenerationError.PromptTooLong, $"The prompt has {images} images; this engine reserves memory for {options.MaxImages} a sequence.");
        if (text > options.MaxTextTokens)
            return Fail(GenerationError.PromptTooLong, $"The prompt has {text} text tokens; this engine reserves memory for {options.MaxTextTokens} a sequence.");
        if (text + images * perImage > config.Text.MaxPositions)
            return Fail(GenerationError.PromptTooLong, $"The prompt has {text + images * perImage} tokens with its images; the model has {config.Text.MaxPositions} positions.");

        var size = config.Vision.ImageSize;
        foreach (var image in request.Images)
            if (image.Length != 3 * size * size)
                return Fail(GenerationError.ImageInvalid, $"Image {image.Key} has {image.Length} values; the tower reads 3 x {size} x {size}.");
        try
        {
            request.Sampling.Validate();
        }
        catch (ArgumentOutOfRangeException e)
        {
            return Fail(GenerationError.SamplingInvalid, e.Message);
        }
        return (null, text, images * perImage);

        (GenerationError?, int, int) Fail(string code, string message) => (new GenerationError(code, message), text, images * perImage);
    }
}

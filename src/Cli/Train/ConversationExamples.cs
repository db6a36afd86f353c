using System.Text.Json;
using Dpvr.Model.Language;
using Dpvr.Model.Pictures;
using Dpvr.Model.Tokens;
using Dpvr.Model.Training;

namespace Dpvr.Cli.Train;

/// <summary>
/// Training examples from LLaVA's conversation format: a JSON array of
/// <c>{"id", "image", "conversations": [{"from": "human"|"gpt", "value"}]}</c>. Entries without exactly one picture are passed over.
/// </summary>
internal sealed class ConversationExamples : ITrainingSource
{
    private readonly Entry[] _entries;
    private readonly PromptEncoder _encoder;
    private readonly ImageProcessor _processor;
    private readonly int _imageToken;
    private readonly string _images;
    private readonly PictureFit _fit;

    /// <exception cref="UsageException">The file is not in the format, or names no usable entry.</exception>
    internal ConversationExamples(string file, string images, PromptEncoder encoder, ImageProcessor processor, int imageToken, PictureFit fit)
    {
        (_encoder, _processor, _imageToken, _images, _fit) = (encoder, processor, imageToken, images, fit);
        try
        {
            using var stream = File.OpenRead(file);
            var entries = JsonSerializer.Deserialize<Entry[]>(stream, JsonSerializerOptions.Web) ?? [];
            _entries = [.. entries.Where(e => e.Image is not null && e.Conversations is { Length: >= 2 } && Markers(e) == 1)];
        }
        catch (JsonException e)
        {
            throw new UsageException($"--data: '{file}' is not LLaVA's conversation format: {e.Message}");
        }
        if (_entries.Length == 0) throw new UsageException($"--data: '{file}' has no entry with one picture and a conversation about it.");
    }

    internal int Count => _entries.Length;

    public TrainingExample Example(long index)
    {
        // A new order every time round, the same in every run.
        long round = index / _entries.Length, place = index % _entries.Length;
        var entry = _entries[new FeistelOrder(_entries.Length, (ulong)round).At(place)];
        var path = Path.Combine(_images, entry.Image!);
        var turns = entry.Conversations!.Select(t => new ChatTurn(t.From == "gpt" ? ChatRole.Assistant : t.From == "system" ? ChatRole.System : ChatRole.User, t.Value.Trim())).ToArray();
        var tokens = TrainingTokens.Of(_encoder.EncodeConversation(turns), _imageToken);
        return PictureDecoder.Decode(File.ReadAllBytes(path)) switch
        {
            DecodedPicture picture => new TrainingExample(_processor.Resize(picture, _fit), new BranchedPrompt(tokens.Shared, [tokens.Tokens]), [tokens.IsTarget]),
            PictureFailure failure => throw new InvalidDataException($"{path}: {failure.Code}: {failure.Message}"),
            var other => throw new InvalidOperationException($"{path}: {other.GetType().Name} is no known result."),
        };
    }

    private static int Markers(Entry entry) =>
        entry.Conversations!.Sum(t => t.Value.Split(ChatTemplate.ImageMarker).Length - 1);

    private sealed record Entry(JsonElement Id, string? Image, Turn[]? Conversations);

    private sealed record Turn(string From, string Value);
}

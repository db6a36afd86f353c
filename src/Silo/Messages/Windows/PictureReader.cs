using System.Text;
using Dpvr.Contracts.Messages;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Sources;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Messages.Jobs;
using Dpvr.Silo.Messages.Replies;
using Dpvr.Silo.Models;

namespace Dpvr.Silo.Messages.Windows;

/// <summary>Turns a message into a picture with its question, or says which member is wrong.</summary>
internal sealed class PictureReader(IModelCatalog models)
{
    private const string Claims = "pictures/", Describe = "Describe the image.";
    private const int LongestPrompt = 64 << 10, LongestUrl = 8192, LongestKey = 1024;

    /// <exception cref="RefusedException">A member is wrong.</exception>
    public (ModelChoice Model, PendingPicture Picture) Read(CaptionImage message, string key, ReplyTo? reply)
    {
        JobWords.CheckId(message.CustomId);
        var model = models.Choose(message.Model, message.Routing, null);
        var prompt = message.Prompt?.Trim() is { Length: > 0 } asked ? asked : Describe;
        if (Encoding.UTF8.GetByteCount(prompt) > LongestPrompt) throw new RefusedException("prompt", prompt, $"at most {LongestPrompt} bytes");
        if (models.Refusal(model.Model, prompt) is { } refusal) throw new RefusedException("prompt", prompt, refusal);
        return (model, new PendingPicture
        {
            Key = key,
            Item = new WindowItem(message.CustomId, reply),
            Locator = LocatorOf(message),
            Data = message.Data is { } data ? BytesOf(data) : default,
            Request = new ItemRequest
            {
                Prompt = prompt,
                MaxTokens = message.MaxTokens is { } tokens ? Checks.Within(tokens, 0, 1, 2048, "max_tokens") : null,
                Temperature = message.Temperature is { } t ? Checks.Within(t, 0d, 0, 10, "temperature") : null,
                TopP = message.TopP is { } p ? Checks.Within(p, 1d, 0.000_001, 1, "top_p") : null,
                Seed = message.Seed,
            },
        });
    }

    private static string? LocatorOf(CaptionImage message)
    {
        if ((message.Url is null ? 0 : 1) + (message.Blob is null ? 0 : 1) + (message.Data is null ? 0 : 1) != 1)
            throw new RefusedException("url", null, "exactly one of url, blob and data");
        if (message.Blob is { } blob)
        {
            if (blob.Length > LongestKey || !blob.StartsWith(Claims, StringComparison.Ordinal) || blob.Any(char.IsControl) || blob.Split('/').Any(static part => part is "" or "." or ".."))
                throw new RefusedException("blob", blob, $"a key of the store below {Claims}");
            return StorePictures.NameOf(blob);
        }
        if (message.Url is not { } url) return null;
        return url.Length <= LongestUrl && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
            ? url
            : throw new RefusedException("url", url, $"an http or https address of at most {LongestUrl} characters");
    }

    private static ReadOnlyMemory<byte> BytesOf(string data)
    {
        if (data.Length is 0 or > CaptionImage.LongestData) throw new RefusedException("data", $"{data.Length} characters", $"base64 of 1 byte to 256 KiB ({CaptionImage.LongestData} characters); larger pictures by blob or url");
        var bytes = new byte[data.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(data, bytes, out var length) && length > 0 ? bytes.AsMemory(0, length) : throw new RefusedException("data", data[..Math.Min(data.Length, 40)], "base64");
    }
}

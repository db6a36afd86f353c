using System.Security.Cryptography;
using MassTransit;

namespace Dpvr.Silo.Messages.Replies;

/// <summary>What makes two deliveries the same message.</summary>
internal static class MessageKey
{
    /// <summary>Its id; without one, its body.</summary>
    public static string Of(ConsumeContext context)
    {
        if (context.MessageId is { } id) return $"message:{id}";
        if (context.TryGetPayload(out RabbitMqBasicConsumeContext? native) && native!.Properties.MessageId is { Length: > 0 and <= 200 } text && !text.Any(char.IsControl)) return $"message:{text}";
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(context.ReceiveContext.Body.GetBytes()))}";
    }
}

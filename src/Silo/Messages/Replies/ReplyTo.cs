using MassTransit;

namespace Dpvr.Silo.Messages.Replies;

/// <summary>Where an answer goes, and what tells its reader which question it answers. Kept with the work until it is answered.</summary>
internal sealed record ReplyTo
{
    /// <summary>An address of the bus, which takes envelopes.</summary>
    public string? Address { get; init; }

    /// <summary>A queue (AMQP's reply_to), which takes JSON alone.</summary>
    public string? Queue { get; init; }

    public Guid? Request { get; init; }

    public Guid? Correlation { get; init; }

    /// <summary>AMQP's correlation_id, whatever it is.</summary>
    public string? Native { get; init; }

    /// <summary>Where a message wants its answer; null: nowhere.</summary>
    public static ReplyTo? Of(ConsumeContext context)
    {
        if (context.ResponseAddress is { } address)
            return new ReplyTo { Address = address.ToString(), Request = context.RequestId, Correlation = context.CorrelationId };
        return context.TryGetPayload(out RabbitMqBasicConsumeContext? native) && native!.Properties.ReplyTo is { Length: > 0 } queue
            ? new ReplyTo { Queue = queue, Native = native.Properties.CorrelationId }
            : null;
    }
}

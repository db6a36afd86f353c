using Dpvr.Contracts.Messages;
using Dpvr.Data.Faults;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Messages.Replies;
using MassTransit;

namespace Dpvr.Silo.Messages.Windows;

/// <summary>Takes pictures that come one by one. A message is acknowledged when this returns, which is after its window's job is durable.</summary>
internal sealed class CaptionImageConsumer(PictureReader reader, WindowGatherer windows, Answers answers) : IConsumer<CaptionImage>
{
    public async Task Consume(ConsumeContext<CaptionImage> context)
    {
        var (message, reply) = (context.Message, ReplyTo.Of(context));
        Models.ModelChoice model;
        PendingPicture picture;
        try
        {
            (model, picture) = reader.Read(message, MessageKey.Of(context), reply);
        }
        catch (RefusedException e) when (reply is not null)
        {
            await answers.SendAsync(reply, new ImageCaptioned { CustomId = message.CustomId, Error = new MessageError(e.Code, e.Message) }, context.CancellationToken);
            return;
        }
        await windows.AddAsync(model, picture);
        await Failpoints.HitAsync(Failpoints.BeforeAck, context.CancellationToken);
    }
}

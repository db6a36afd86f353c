using System.Text;
using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Models;

namespace Dpvr.Silo.Chat;

/// <summary>The job that a chat would be: what it asks of an engine.</summary>
public static class ChatSpecs
{
    /// <summary>Tokens of a prompt, and of an answer, that an engine for chats has room for at least: most chats then share one.</summary>
    public const int Room = 256;

    /// <summary>Answers are this long at most when nobody says how long.</summary>
    public const int UsualTokens = 256;

    /// <summary>Room for chats of the usual length.</summary>
    public static JobSpec Usual(ModelChoice model) => Of(model, "", new SamplingSpec(), "");

    /// <summary>The job of one question.</summary>
    public static JobSpec Of(ModelChoice model, string prompt, SamplingSpec sampling, string source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(sampling);
        return new JobSpec
        {
            Source = new SourceSpec { Kind = SourceKinds.Requests, Root = source },
            Prompts = [PromptSpec.OfRequests(prompt)],
            Model = model.Model,
            Routing = model.Routing,
            Sampling = sampling,
            Output = new OutputSpec { Location = "" },
            Limits = RequestLimits.For(Math.Max(Room, Encoding.UTF8.GetByteCount(prompt)), Math.Max(Room, sampling.MaxNewTokens)),
            ShardSize = 1,
            MaxAttempts = 2,
        };
    }
}

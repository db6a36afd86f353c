namespace Dpvr.Silo.Messages;

/// <summary>The queues that messages are sent to. Each has an exchange of its name, and beside it NAME_error and NAME_skipped.</summary>
public static class QueueNames
{
    /// <summary>Takes <c>SubmitJob</c>.</summary>
    public const string SubmitJob = "dpvr.submit-job";

    /// <summary>Takes <c>CancelJob</c>.</summary>
    public const string CancelJob = "dpvr.cancel-job";

    /// <summary>Takes <c>PauseJob</c>.</summary>
    public const string PauseJob = "dpvr.pause-job";

    /// <summary>Takes <c>ResumeJob</c>.</summary>
    public const string ResumeJob = "dpvr.resume-job";

    /// <summary>Takes <c>CaptionImage</c>.</summary>
    public const string CaptionImage = "dpvr.caption-image";

    /// <summary>Exchange and queue of messages whose deliveries never ended.</summary>
    public const string Dead = "dpvr.dead";

    /// <summary>Where a queue's messages go that could not be done.</summary>
    public static string ErrorOf(string queue) => queue + "_error";

    /// <summary>Where a queue's messages go that nobody here knows.</summary>
    public static string SkippedOf(string queue) => queue + "_skipped";

    /// <summary>Those that are sent to.</summary>
    public static IReadOnlyList<string> All { get; } = [SubmitJob, CancelJob, PauseJob, ResumeJob, CaptionImage];

    /// <summary>Those that somebody should look at when they are not empty.</summary>
    public static IReadOnlyList<string> Troubled { get; } = [.. All.SelectMany(static q => (string[])[ErrorOf(q), SkippedOf(q)]), Dead];
}

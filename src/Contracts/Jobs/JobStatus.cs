using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Jobs;

/// <summary>Where a job stands, in the words of the OpenAI Batch API.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobStatus>))]
public enum JobStatus
{
    /// <summary>The source is being listed and the plan written.</summary>
    [JsonStringEnumMemberName("validating")] Validating,

    /// <summary>Shards are being worked on.</summary>
    [JsonStringEnumMemberName("in_progress")] InProgress,

    /// <summary>All shards have ended; the output is being assembled.</summary>
    [JsonStringEnumMemberName("finalizing")] Finalizing,

    /// <summary>The output is complete; single items may have failed.</summary>
    [JsonStringEnumMemberName("completed")] Completed,

    /// <summary>The job as a whole could not be done.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>It did not end within its time.</summary>
    [JsonStringEnumMemberName("expired")] Expired,

    /// <summary>No new work is given out; what runs is being stopped.</summary>
    [JsonStringEnumMemberName("cancelling")] Cancelling,

    /// <summary>Stopped on request; the output holds what was done until then.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,
}

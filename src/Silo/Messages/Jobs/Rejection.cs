using Dpvr.Contracts.Messages;
using Dpvr.Data.Sources;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>What the sender of a message did wrong, in the words of the HTTP API's problems.</summary>
internal static class Rejection
{
    /// <summary>Null: it is no fault of the sender.</summary>
    public static JobRejected? Of(Exception e, string? customId, SourceRoots roots) => e switch
    {
        RefusedException r => new JobRejected { CustomId = customId, Code = r.Code, Detail = r.Message, Field = r.Field, Value = r.Value, Allowed = r.Allowed },
        IntakeConflictException c => new JobRejected { CustomId = customId, Code = "idempotency_key_reused", Detail = c.Message, Field = "idempotency_key", Allowed = "the same body, or another key", Job = c.Id },
        TooManyJobsException m => new JobRejected { CustomId = customId, Code = "too_many_jobs", Detail = m.Message, Allowed = $"{m.Most} open jobs" },
        DatasetException d => new JobRejected { CustomId = customId, Code = d.Code, Detail = roots.Hide(d.Message), Field = "source" },
        _ => null,
    };
}

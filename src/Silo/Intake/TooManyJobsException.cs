namespace Dpvr.Silo.Intake;

/// <summary>A submitter has as many open jobs as it may have.</summary>
public sealed class TooManyJobsException(int most) : Exception($"There are {most} open jobs of this submitter, which is the most allowed; wait for one to end, or cancel one.")
{
    /// <summary>How many are allowed.</summary>
    public int Most { get; } = most;
}

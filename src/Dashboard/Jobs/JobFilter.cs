namespace Dpvr.Dashboard.Jobs;

/// <summary>States of jobs, as people ask for them.</summary>
public enum JobFilter
{
    /// <summary>Any.</summary>
    All,

    /// <summary>Not ended.</summary>
    Active,

    /// <summary>Not ended, and giving out no work.</summary>
    Paused,

    /// <summary>Completed.</summary>
    Completed,

    /// <summary>Failed, expired or cancelled, or with items that failed.</summary>
    Trouble,
}

namespace Dpvr.Dashboard.Jobs;

/// <summary>Orders of the list.</summary>
public enum JobOrder
{
    /// <summary>By the time of submission.</summary>
    Created,

    /// <summary>By id.</summary>
    Id,

    /// <summary>By status.</summary>
    Status,

    /// <summary>By the share that is done.</summary>
    Progress,

    /// <summary>By pictures.</summary>
    Images,

    /// <summary>By pictures a second.</summary>
    Rate,
}

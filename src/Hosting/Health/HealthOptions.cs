using System.Net;

namespace Dpvr.Hosting.Health;

/// <summary>Where a host says whether it is well.</summary>
public sealed class HealthOptions
{
    /// <summary>The address of <c>/health/live</c> and <c>/health/ready</c>; null: nowhere. Default: null.</summary>
    public IPEndPoint? Listen { get; set; }
}

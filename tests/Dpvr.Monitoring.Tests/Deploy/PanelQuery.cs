namespace Dpvr.Monitoring.Tests.Deploy;

/// <summary>One query of a panel.</summary>
internal sealed record PanelQuery(string Dashboard, string Panel, string Expression)
{
    /// <summary>As Grafana would send it: its own variables are filled in.</summary>
    public string Runnable => Expression.Replace("$__rate_interval", "30s", StringComparison.Ordinal).Replace("$__range", "1h", StringComparison.Ordinal)
        .Replace("$job", ".*", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal);
}

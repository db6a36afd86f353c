namespace Dpvr.Hosting;

/// <summary>How a host logs.</summary>
public enum LogFormat
{
    /// <summary>Not at all: failures are records and states, which somebody shows.</summary>
    None,

    /// <summary>A line an event, for people.</summary>
    Text,

    /// <summary>A JSON object an event, for collectors.</summary>
    Json,
}

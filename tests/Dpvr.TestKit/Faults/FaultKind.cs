namespace Dpvr.TestKit.Faults;

/// <summary>What a proxy does to a request.</summary>
public enum FaultKind
{
    /// <summary>Answers with a status, perhaps with Retry-After; the server never sees the request.</summary>
    Answer,

    /// <summary>Answers nothing until the caller goes away; the server never sees the request.</summary>
    Hang,

    /// <summary>Passes it on, and sends the answer's body one byte at a time.</summary>
    Trickle,

    /// <summary>Cuts the connection; the server never sees the request.</summary>
    Reset,

    /// <summary>Passes it on, and cuts the connection in place of the answer: what was asked is done, and nobody is told.</summary>
    ApplyThenReset,
}

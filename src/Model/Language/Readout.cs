namespace Dpvr.Model.Language;

/// <summary>Which outputs of the last layer somebody reads; nothing else is computed there.</summary>
public enum Readout
{
    /// <summary>Every position, vision first and text after it (reference values).</summary>
    Everything,

    /// <summary>Every text position (training).</summary>
    Text,

    /// <summary>The last position of every row (prefill).</summary>
    Last,
}

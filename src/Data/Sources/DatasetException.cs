namespace Dpvr.Data.Sources;

/// <summary>A source cannot be listed: the job is refused before any compute.</summary>
public sealed class DatasetException : Exception
{
    /// <summary>Makes one.</summary>
    public DatasetException(string code, string message, Exception? inner = null) : base(message, inner) => Code = code;

    /// <summary>One of the error codes.</summary>
    public string Code { get; }
}

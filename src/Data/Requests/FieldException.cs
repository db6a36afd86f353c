namespace Dpvr.Data.Requests;

/// <summary>A field of a row is not what is allowed. Field: its name, where one is to blame.</summary>
internal sealed class FieldException(string message, string? name = null) : FormatException(message)
{
    public string? Field => name;
}

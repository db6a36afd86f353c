namespace Dpvr.Data.Output;

/// <summary>The files of an output.</summary>
public static class OutputNames
{
    /// <summary>One answer a line, in input order.</summary>
    public const string Captions = "captions.jsonl";

    /// <summary>One error a line, in input order.</summary>
    public const string Errors = "errors.jsonl";

    /// <summary>What the output consists of, with checksums.</summary>
    public const string Manifest = "manifest.json";
}

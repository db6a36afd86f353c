namespace Dpvr.TestKit.Processes;

/// <summary>How a program ended, and what it wrote.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record ProgramEnd(int Code, string Out, string Error);

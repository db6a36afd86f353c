namespace Dpvr.Data.Requests.OpenAi;

/// <summary>The output of a batch.</summary>
/// <param name="Completed">Lines of the output file; 0: there is none.</param>
/// <param name="OutputBytes">Its bytes.</param>
/// <param name="Failed">Lines of the error file; 0: there is none.</param>
/// <param name="ErrorBytes">Its bytes.</param>
public sealed record BatchOutputFiles(long Completed, long OutputBytes, long Failed, long ErrorBytes);

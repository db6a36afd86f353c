using Dpvr.Dashboard.Pictures;

namespace Dpvr.Dashboard.Jobs;

/// <summary>A request that failed.</summary>
/// <param name="CustomId">The picture's id.</param>
/// <param name="Prompt">The prompt's name.</param>
/// <param name="Message">Why.</param>
/// <param name="Place">Where its picture is.</param>
public sealed record FailedItem(string CustomId, string Prompt, string Message, PicturePlace Place);

using Dpvr.Contracts.Results;
using Dpvr.Dashboard.Pictures;

namespace Dpvr.Dashboard.Gallery;

/// <summary>A picture with its records.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="CustomId">Its id.</param>
/// <param name="Records">One for each prompt, in the job's order.</param>
public sealed record Shot(PicturePlace Place, string CustomId, IReadOnlyList<ItemRecord> Records);

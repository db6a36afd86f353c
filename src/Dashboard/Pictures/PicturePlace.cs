using Dpvr.Contracts.Jobs;

namespace Dpvr.Dashboard.Pictures;

/// <summary>Where a picture stands in a job's plan.</summary>
/// <param name="Job">The job.</param>
/// <param name="Shard">The planned shard.</param>
/// <param name="Item">Its item, from 0.</param>
public readonly record struct PicturePlace(JobId Job, int Shard, int Item)
{
    /// <summary>Address of a smaller copy of it.</summary>
    public string Url(int side) => $"pictures/{Job}/{Shard}/{Item}/{side}.jpg";

    /// <summary>Address of its page.</summary>
    public string Page => $"jobs/{Job}/pictures/{Shard}/{Item}";
}

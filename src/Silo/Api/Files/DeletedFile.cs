namespace Dpvr.Silo.Api.Files;

/// <summary>A file that was deleted.</summary>
/// <param name="Id">Its id.</param>
internal sealed record DeletedFile(string Id)
{
    public string Object { get; init; } = "file";
    public bool Deleted { get; init; } = true;
}

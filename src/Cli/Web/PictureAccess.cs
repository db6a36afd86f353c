using Dpvr.Data.Sources;

namespace Dpvr.Cli.Web;

/// <summary>The host's way to pictures that are named by URL; null: there is none.</summary>
internal sealed record PictureAccess(IPictureUrls? Urls);

namespace Dpvr.Silo.Models;

/// <summary>A model that jobs may name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Revision">Identifies its weights.</param>
/// <param name="Routings">What it can be run with, the usual one first.</param>
/// <param name="Created">When its files were made.</param>
public sealed record ModelEntry(string Name, string Revision, IReadOnlyList<string> Routings, DateTimeOffset Created);

namespace Dpvr.Api.Tests;

/// <summary>The collection of every class here: one server for all of them, and those of their own one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneServer : ICollectionFixture<OpenServer>
{
    /// <summary>Its name.</summary>
    public const string Name = "one server";
}

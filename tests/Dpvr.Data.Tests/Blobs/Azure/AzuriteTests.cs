namespace Dpvr.Data.Tests.Blobs.Azure;

/// <summary>The tests that share one Azurite.</summary>
[CollectionDefinition]
public sealed class AzuriteTests : ICollectionFixture<AzuriteFixture>;

namespace Dpvr.Messages.Tests;

/// <summary>The collection of every class with a broker: one for all of them, since it takes long to start.</summary>
[CollectionDefinition(Name)]
public sealed class OneBroker : ICollectionFixture<BrokerFixture>
{
    /// <summary>Its name.</summary>
    public const string Name = "one broker";
}

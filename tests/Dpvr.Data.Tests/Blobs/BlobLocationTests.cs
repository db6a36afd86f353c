using Dpvr.Data.Blobs;

namespace Dpvr.Data.Tests.Blobs;

public sealed class BlobLocationTests
{
    [Theory]
    [InlineData("azblob://images/a/b", "azblob://images/a/b/")]
    [InlineData("azblob://images", "azblob://images/")]
    [InlineData("azblob://images/with%20space/", "azblob://images/with space/")]
    [InlineData("https://acc.blob.core.windows.net/images/a", "https://acc.blob.core.windows.net/images/a/")]
    [InlineData("https://acc.blob.core.windows.net/images/a?sv=1&sig=SECRET", "https://acc.blob.core.windows.net/images/a/")]
    [InlineData("http://127.0.0.1:10000/acc/images/a?sig=SECRET", "http://127.0.0.1:10000/acc/images/a/")]
    [InlineData("/srv/out", "/srv/out")]
    [InlineData("file:///srv/out%20put", "/srv/out put")]
    public void Parse_OfALocation_ShowsItWithoutSecrets(string text, string shown)
    {
        var location = BlobLocation.Parse(text);

        location.ToString().Should().Be(shown);
        location.HasSignature.Should().Be(text.Contains("sig=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("s3://bucket/x", "'s3' is no scheme")]
    [InlineData("azblob:///x", "no container")]
    [InlineData("azblob://UPPER/x?sig=SECRET", "SAS_TOKEN")]
    [InlineData("azblob://images/../x//y", "segment")]
    [InlineData("http://acc.blob.core.windows.net/images?sig=SECRET", "use https")]
    [InlineData("https://user:SECRET@acc.blob.core.windows.net/images", "a user")]
    [InlineData("https://acc.blob.core.windows.net/images?key=SECRET", "no signature")]
    [InlineData("https://acc.blob.core.windows.net/", "no container")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=SECRET", "AZURE_STORAGE_CONNECTION_STRING")]
    public void Parse_OfSomethingElse_SaysWhatIsAllowedAndNoSecret(string text, string says)
    {
        var refusal = Assert.Throws<BlobLocationException>(() => BlobLocation.Parse(text));

        refusal.Message.Should().Contain(says).And.Contain("azblob://container/prefix").And.NotContain("SECRET");
    }

    [Fact]
    public void Open_WithoutCredentials_SaysWhatToSet()
    {
        var refusal = Assert.Throws<BlobLocationException>(() => BlobStores.Open("azblob://images/a", environment: static _ => null));

        refusal.Message.Should().Contain("AZURE_STORAGE_CONNECTION_STRING").And.Contain("AZURE_STORAGE_ACCOUNT");
    }

    [Theory]
    [InlineData("AZURE_STORAGE_CONNECTION_STRING", "AccountName=a;AccountKey=SECRET not base64")]
    [InlineData("AZURE_STORAGE_KEY", "SECRET!")]
    public void Open_WithCredentialsThatAreNone_NamesThemAndNotTheirValue(string name, string value)
    {
        var refusal = Assert.Throws<BlobLocationException>(() => BlobStores.Open("azblob://images/a", environment: n => n == name ? value : n == "AZURE_STORAGE_ACCOUNT" ? "acc" : null));

        refusal.ToString().Should().Contain(name).And.NotContain("SECRET");
    }

    [Fact]
    public void Open_OfAnothersAccount_NeverSendsItOurSecrets()
    {
        // http needs a key or a signature: that none is found shows that those of the other account were not taken.
        var environment = new Dictionary<string, string?> { ["AZURE_STORAGE_ACCOUNT"] = "ours", ["AZURE_STORAGE_SAS_TOKEN"] = "sig=x", ["AZURE_STORAGE_KEY"] = Convert.ToBase64String(new byte[8]) };

        Assert.Throws<BlobLocationException>(() => BlobStores.Open("http://127.0.0.1:1/theirs/images", environment: environment.GetValueOrDefault))
            .Message.Should().Contain("https only");
    }
}

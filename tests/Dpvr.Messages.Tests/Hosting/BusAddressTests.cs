using Dpvr.Silo.Messages.Hosting;

namespace Dpvr.Messages.Tests.Hosting;

public sealed class BusAddressTests
{
    [Theory]
    [InlineData("amqp://host", "host", 5672, "/", "guest", "guest", false)]
    [InlineData("amqp://u:p%40w@host:5673/my%2Fhost", "host", 5673, "my/host", "u", "p@w", false)]
    [InlineData("amqps://u@host/", "host", 5671, "/", "u", "", true)]
    public void Parse_OfAnAddress_ReadsItsParts(string text, string host, int port, string vhost, string user, string password, bool secure) =>
        BusAddress.Parse(text).Should().Be(new BusAddress { Host = host, Port = port, VirtualHost = vhost, User = user, Password = password, IsSecure = secure });

    [Theory, InlineData("host:5672"), InlineData("http://u:secret@host"), InlineData("amqp://u:secret@host?heartbeat=1"), InlineData("amqp:///v")]
    public void Parse_OfAnythingElse_SaysWhatIsAllowedAndNoPassword(string text) =>
        ((Action)(() => BusAddress.Parse(text))).Should().Throw<FormatException>().Which.Message.Should().Contain("amqp://").And.NotContain("secret");

    [Fact]
    public void ToString_Always_HidesUserAndPassword() => BusAddress.Parse("amqp://user:secret@host/v").ToString().Should().Be("amqp://host:5672/v");
}

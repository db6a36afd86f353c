using System.Net;
using Dpvr.Hosting.Cluster;

namespace Dpvr.Hosting.Tests.Cluster;

public sealed class ClusterAddressTests
{
    [Theory]
    [InlineData("redis://localhost", "localhost", 6379, 0, false)]
    [InlineData("redis://10.0.0.4:6380/3", "10.0.0.4", 6380, 3, false)]
    [InlineData("rediss://cache.example:6380", "cache.example", 6380, 0, true)]
    public void ToRedis_OfAnAddress_SaysWhereAndHow(string text, string host, int port, int database, bool tls)
    {
        var redis = ClusterAddress.Parse(text).ToRedis();

        var endpoint = redis.EndPoints.Should().ContainSingle().Subject;
        (endpoint switch { DnsEndPoint d => (d.Host, d.Port), IPEndPoint i => (i.Address.ToString(), i.Port), _ => default }).Should().Be((host, port));
        (redis.DefaultDatabase, redis.Ssl, redis.AbortOnConnectFail).Should().Be((database, tls, false));
    }

    [Fact]
    public void ToRedis_WithCredentials_UnescapesThem()
    {
        var redis = ClusterAddress.Parse("redis://me:p%40ss%3Aword@host").ToRedis();

        (redis.User, redis.Password).Should().Be(("me", "p@ss:word"));
    }

    [Fact]
    public void ToPostgres_OfAnAddress_IsAConnectionString()
    {
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(ClusterAddress.Parse("postgres://me:secret@db.example:5433/dpvr").ToPostgres());

        (connection.Host, connection.Port, connection.Database, connection.Username, connection.Password).Should().Be(("db.example", 5433, "dpvr", "me", "secret"));
    }

    [Theory]
    [InlineData("redis://me:secret@host")]
    [InlineData("postgres://me:se%40cret@host/dpvr")]
    public void ToString_OfAnAddressWithAPassword_LeavesItOut(string text) =>
        ClusterAddress.Parse(text).ToString().Should().NotContain("cret").And.NotContain("me:").And.Contain("host");

    [Theory]
    [InlineData("localhost:6379", "localhost:6379")]
    [InlineData("zookeeper://host", "zookeeper")]
    [InlineData("redis://host/name", "'name'")]
    [InlineData("redis://host?ssl=true", "query")]
    [InlineData("postgres://host/dpvr", "user")]
    [InlineData("postgres://me@host", "database")]
    [InlineData("", "no address")]
    public void Parse_OfSomethingElse_NamesItAndWhatIsAllowed(string text, string named) =>
        FluentActions.Invoking(() => ClusterAddress.Parse(text)).Should().Throw<FormatException>().Which.Message.Should().Contain(named).And.Contain("redis://[user:password@]host");

    [Theory]
    [InlineData("redis://me:hunter2@host/name")]
    [InlineData("redi://me:hunter2@host")]
    [InlineData("redis://me:hun@ter2@")]
    public void Parse_WhenItRefuses_NeverRepeatsAPassword(string text) =>
        FluentActions.Invoking(() => ClusterAddress.Parse(text)).Should().Throw<FormatException>().Which.Message.Should().NotContain("hun").And.NotContain("ter2");
}

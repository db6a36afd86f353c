using Dpvr.Data.Urls;

namespace Dpvr.Data.Tests.Urls;

public sealed class HostRuleTests
{
    [Theory]
    [InlineData("images.internal", "IMAGES.internal", 80, true)]
    [InlineData("images.internal", "images.internal.", 8080, true)]
    [InlineData("images.internal:8080", "images.internal", 8080, true)]
    [InlineData("images.internal:8080", "images.internal", 80, false)]
    [InlineData("images.internal", "evil.images.internal", 80, false)]
    [InlineData("10.0.0.7", "10.0.0.7", 80, true)]
    [InlineData("[fd00::7]:8080", "[fd00::7]", 8080, true)]
    [InlineData("fd00::7", "fd00::7", 1, true)]
    public void Allows_AHost_IsThatHostAlone(string rule, string host, int port, bool allows)
    {
        HostRule.TryParse(rule, out var parsed).Should().BeTrue();

        parsed!.Allows(host, port).Should().Be(allows);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("http://host")]
    [InlineData("host:0")]
    [InlineData("host:99999")]
    [InlineData("host:port")]
    [InlineData("a b")]
    public void TryParse_WhatIsNoHost_IsRefused(string rule) => HostRule.TryParse(rule, out _).Should().BeFalse();
}

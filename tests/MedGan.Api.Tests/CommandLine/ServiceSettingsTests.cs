using MedGan.Api.CommandLine;
using MedGan.Api.Problems;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace MedGan.Api.Tests.CommandLine;

public sealed class ServiceSettingsTests
{
    [Fact]
    public void TheFileThatComesWithTheService_IsValid_AndHoldsTheDefaults()
    {
        var file = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: false).Build();
        Assert.Equivalent(new ServiceSettings().Limits, ServiceSettings.Read(file).Limits, strict: true);
        Assert.Null(ServiceSettings.Read(file).Auth.AuthorityUri);
    }

    [Fact]
    public void SeveralErrors_AreToldAtOnce()
    {
        var e = Assert.Throws<CannotStartException>(() => Read(new() { ["Limits:Parts"] = "0", ["Limits:ZipRatio"] = "1", ["Auth:Audience"] = "" }));
        foreach (var name in new[] { "Parts", "ZipRatio", "Audience" })
        {
            Assert.Contains(name, e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Auth:Authority", "http://login.example.org")]
    [InlineData("Auth:Authority", "login.example.org")]
    [InlineData("Limits:PartBytes", "many")]
    [InlineData("Limits:TotalBytes", "1000")]
    public void WhatCannotBe_IsRefused(string key, string value) => Assert.Throws<CannotStartException>(() => Read(new() { [key] = value }));

    private static ServiceSettings Read(Dictionary<string, string?> values) =>
        ServiceSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(v => "MedGan:" + v.Key, v => v.Value)).Build());
}

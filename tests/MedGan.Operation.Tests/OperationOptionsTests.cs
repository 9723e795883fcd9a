using MedGan.Storage;
using Microsoft.Extensions.Configuration;

namespace MedGan.Operation.Tests;

public sealed class OperationOptionsTests
{
    [Fact]
    public void NothingSet_NothingIsServedOrSent()
    {
        var options = Read([]);
        Assert.Equal((null, null, false), (options.MetricsPort, options.TracesEndpoint, options.JsonLog));
    }

    [Fact]
    public void Values_AreRead()
    {
        var options = Read(new() { ["Metrics:Port"] = "9464", ["Metrics:Listen"] = "0.0.0.0", ["Traces:Endpoint"] = "http://collector:4318", ["Log:Format"] = "json" });
        Assert.Equal((9464, "0.0.0.0", "http://collector:4318/", true), (options.MetricsPort, options.MetricsListen.ToString(), options.TracesEndpoint?.ToString(), options.JsonLog));
    }

    [Theory]
    [InlineData("Metrics:Port", "70000")]
    [InlineData("Metrics:Port", "-1")]
    [InlineData("Metrics:Listen", "everywhere")]
    [InlineData("Traces:Endpoint", "collector")]
    [InlineData("Traces:Endpoint", "http://user:secret@collector:4318")]
    [InlineData("Log:Format", "xml")]
    public void WrongValue_IsNamed(string setting, string value)
    {
        var e = Assert.Throws<InvalidSettingException>(() => Read(new() { [setting] = value }));
        Assert.Contains("MedGan:" + setting, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    private static OperationOptions Read(Dictionary<string, string?> values) => OperationOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}

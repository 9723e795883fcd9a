using MedGan.Jobs.Hosting;
using MedGan.Storage;
using TorchSharp;

namespace MedGan.Jobs.Tests.Hosting;

public sealed class ComputeDeviceTests
{
    [Fact]
    public void Wanted_IsTaken_WhereItIs()
    {
        Assert.Equal("cpu", ComputeDevice.Choose("cpu").Name);
        Assert.Equal(torch.cuda.is_available() ? "cuda" : "cpu", ComputeDevice.Choose("auto").Name);
        if (!torch.cuda.is_available()) Assert.Contains("no graphics card", Assert.Throws<StartProblemException>(() => ComputeDevice.Choose("cuda:0")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cpu:0")]
    public void AnythingElse_IsASettingThatCannotBeUsed(string wanted) => Assert.Throws<InvalidSettingException>(() => ComputeDevice.Choose(wanted));
}

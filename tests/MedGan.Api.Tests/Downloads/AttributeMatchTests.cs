using System.Text.Json.Nodes;
using MedGan.Api.Downloads;
using Xunit;

namespace MedGan.Api.Tests.Downloads;

public sealed class AttributeMatchTests
{
    private static readonly JsonObject DataSet = JsonNode.Parse("""
        {
          "00080020": {"vr":"DA","Value":["20260312"]},
          "00080060": {"vr":"CS","Value":["MR"]},
          "00100010": {"vr":"PN","Value":[{"Alphabetic":"Synthetic^One"}]},
          "00100020": {"vr":"LO","Value":["SYN-0001"]},
          "0020000D": {"vr":"UI","Value":["2.25.7"]},
          "00200011": {"vr":"IS","Value":[2]},
          "00200010": {"vr":"SH"}
        }
        """)!.AsObject();

    [Theory]
    [InlineData("00080060", "MR", true)]
    [InlineData("00080060", "mr", false)]
    [InlineData("00080060", "CT", false)]
    [InlineData("00100010", "synthetic^one", true)]
    [InlineData("00100010", "synth*", true)]
    [InlineData("00100020", "SYN-000?", true)]
    [InlineData("00100020", "SYN-00?", false)]
    [InlineData("00100020", "SYN.0001", false)]
    [InlineData("0020000D", "2.25.6,2.25.7", true)]
    [InlineData("0020000D", "2.25.6\\2.25.7", true)]
    [InlineData("0020000D", "2.25.*", false)]
    [InlineData("00080020", "20260101-20261231", true)]
    [InlineData("00080020", "20260312-", true)]
    [InlineData("00080020", "-20260311", false)]
    [InlineData("00200011", "2", true)]
    [InlineData("00200010", "X", false)]
    [InlineData("00200010", "", true)]
    [InlineData("00101010", "", true)]
    [InlineData("00101010", "060Y", false)]
    public void Holds_ByTheRulesOfItsRepresentation(string tag, string wanted, bool holds) =>
        Assert.Equal(holds, AttributeMatch.Holds(DataSet, tag, wanted));
}

using System.Text.Json;
using MedGan.Storage.Audit;

namespace MedGan.Storage.Tests.Audit;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{"b":1,"a":{"d":[true,false,null],"c":"x"}}""", """{"a":{"c":"x","d":[true,false,null]},"b":1}""")]
    [InlineData("""{ "a" : "\u20ac\u000f\nA'B\"\\\u0000<>" }""", "{\"a\":\"€\\u000f\\nA'B\\\"\\\\\\u0000<>\"}")]
    [InlineData("[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]", "[333333333.3333333,1e+30,4.5,0.002,1e-27]")]
    [InlineData("[0,-0,1,-1,100,1e21,1e20,123456789012345680000,0.000001,1e-7,1.5e300,5e-324]", "[0,0,1,-1,100,1e+21,100000000000000000000,123456789012345680000,0.000001,1e-7,1.5e+300,5e-324]")]
    [InlineData("""{"€":1,"\r":2,"1":3,"😀":4,"ö":5}""", """{"\r":2,"1":3,"ö":5,"€":1,"😀":4}""")]
    public void Write_AnySpelling_GivesTheOneOfRfc8785(string json, string canonical)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(canonical, CanonicalJson.Write(document.RootElement));
    }

    [Fact]
    public void Number_EveryPowerOfTen_ReadsBackToTheSameBits()
    {
        for (var exponent = -323; exponent <= 308; exponent++)
        {
            var value = double.Parse($"1e{exponent}", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(value, double.Parse(CanonicalJson.Number(value), System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Number_RandomDoubles_ReadBackToTheSameBits()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value)) continue;
            Assert.Equal(value, double.Parse(CanonicalJson.Number(value), System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}

using MedGan.Dicom.Web;
using Xunit;

namespace MedGan.Api.Tests.Uploads;

public sealed class ContentTypeHeaderTests
{
    [Theory]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=abc")]
    [InlineData("multipart/related; type=application/dicom; boundary=\"abc\"")]
    [InlineData("Multipart/Related;boundary=abc;TYPE=\"application/dicom\";start=\"<a;b>\"")]
    public void Parse_QuotedOrNot_GivesTypeAndBoundary(string value)
    {
        var header = ContentTypeHeader.Parse(value);
        Assert.Equal("multipart/related", header.MediaType);
        Assert.Equal("application/dicom", header["type"]);
        Assert.Equal("abc", header["boundary"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(";;;=\"")]
    public void Parse_Nothing_HasNoMediaType(string? value) => Assert.Equal("", ContentTypeHeader.Parse(value).MediaType);
}

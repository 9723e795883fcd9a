using MedGan.Api.Downloads;
using MedGan.Api.Problems;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace MedGan.Api.Tests.Downloads;

public sealed class AcceptHeaderTests
{
    private static readonly string[] Offers = ["multipart/related;application/dicom", "application/dicom"];

    [Theory]
    [InlineData(null, 0)]
    [InlineData("*/*", 0)]
    [InlineData("application/dicom", 1)]
    [InlineData("application/*", 1)]
    [InlineData("multipart/related; type=\"application/dicom\"", 0)]
    [InlineData("multipart/related; type=application/dicom; transfer-syntax=*", 0)]
    [InlineData("multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.1", 0)]
    [InlineData("multipart/related; type=\"application/dicom\"; q=0.3, application/dicom; q=0.9", 1)]
    [InlineData("text/html, application/dicom", 1)]
    public void Choose_TakesTheMostWantedOffer(string? accept, int offer) => Assert.Equal(Offers[offer], Of(accept).Choose(Offers));

    [Theory]
    [InlineData("image/jpeg")]
    [InlineData("application/dicom; q=0")]
    [InlineData("multipart/related; type=\"application/octet-stream\"")]
    [InlineData("multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.4.50")]
    public void Choose_NothingOnOffer_IsNotAcceptable(string accept) =>
        Assert.Equal(406, Assert.Throws<RefusedException>(() => Of(accept).Choose(Offers)).Status);

    private static AcceptHeader Of(string? accept)
    {
        var request = new DefaultHttpContext().Request;
        if (accept is not null)
        {
            request.Headers.Accept = accept;
        }
        return AcceptHeader.Of(request);
    }
}

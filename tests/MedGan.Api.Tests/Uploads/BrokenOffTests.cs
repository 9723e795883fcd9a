using System.Net.Sockets;
using System.Text;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MedGan.Api.Tests.Uploads;

public sealed class BrokenOffTests(TestService service) : IClassFixture<TestService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClientThatDisconnects_LeavesNothingHalfStored()
    {
        var head = $"POST {Stow.Path("broken-off")} HTTP/1.1\r\nHost: {service.Address.Authority}\r\nAuthorization: Bearer {service.Token(Roles.Steward)}\r\n"
            + "Content-Type: multipart/related; type=\"application/dicom\"; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\nContent-Type: application/dicom\r\n\r\n";
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(service.Address.Host, service.Address.Port, Ct);
            await using var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Ct);
            await stream.WriteAsync(MadeUpDicom.Ct(), Ct);
            await stream.WriteAsync(Encoding.ASCII.GetBytes("\r\n--b\r\nContent-Type: application/dicom\r\n\r\nhalf of a pict"), Ct);
            // The first part is de-identified and set aside before the line goes dead.
            await Eventually.HoldsAsync(() => service.ObjectFiles().Count > 0, Ct);
            socket.Client.Close(0);
        }
        await Eventually.HoldsAsync(() => service.ObjectFiles().Count == 0, Ct);
        await using var db = service.Db();
        Assert.Equal(0, await db.Cohorts.CountAsync(Ct));
        Assert.Equal(0, await db.AuditLeaves.CountAsync(Ct));
    }
}

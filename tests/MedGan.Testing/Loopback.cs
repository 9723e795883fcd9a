using System.Net;
using System.Net.Sockets;

namespace MedGan.Testing;

/// <summary>The loopback interface, where every server of the tests listens.</summary>
public static class Loopback
{
    /// <summary>A port that nobody has at this moment.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

using System.Net.Security;
using System.Security.Authentication;
using MedGan.Api.Problems;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MedGan.Api.Network;

/// <summary>Ports, TLS, and how long a slow client is waited for.</summary>
internal static class Listening
{
    private const string Year = "max-age=31536000";

    /// <summary>Listens at the address, with TLS where the settings have a certificate.</summary>
    public static void Listen(this KestrelServerOptions kestrel, ServiceAddress address, TrafficOptions traffic, TlsOptions tls)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = traffic.Connections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(traffic.HeaderSeconds);
        kestrel.Limits.MinRequestBodyDataRate = traffic.BodyBytesPerSecond == 0 ? null : new MinDataRate(traffic.BodyBytesPerSecond, TimeSpan.FromSeconds(5));
        if (!tls.IsOn)
        {
            kestrel.Listen(address.Listen, address.Port);
            return;
        }
        var certificate = new ServerCertificate(tls, TimeProvider.System);
        var log = kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("MedGan.Api.Network");
        kestrel.Listen(address.Listen, address.Port, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Current(log),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                AllowRenegotiation = false,
            }),
            HandshakeTimeout = TimeSpan.FromSeconds(traffic.HeaderSeconds),
        }));
        if (tls.RedirectPort is { } port) kestrel.Listen(address.Listen, port);
    }

    /// <summary>Takes the word of known proxies, sends plain HTTP to HTTPS, and tells browsers to stay there.</summary>
    public static void UseTransport(this WebApplication app, ServiceAddress address, TlsOptions tls, ProxyOptions proxies)
    {
        if (proxies.All.Count > 0)
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (var network in proxies.All) forwarded.KnownIPNetworks.Add(network);
            app.UseForwardedHeaders(forwarded);
        }
        app.Use((context, next) =>
        {
            if (context.Request.IsHttps)
            {
                context.Response.Headers.StrictTransportSecurity = Year;
                return next(context);
            }
            if (!tls.IsOn) return next(context);
            if (!context.Request.Host.HasValue) throw RefusedException.BadRequest("The request names no host", "Send it by HTTPS.");
            // Nothing that came in the clear is looked at: a token in it is no secret any more.
            var to = new UriBuilder(Uri.UriSchemeHttps, context.Request.Host.Host, address.Port == 443 ? -1 : address.Port, context.Request.Path) { Query = context.Request.QueryString.Value };
            context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            context.Response.Headers.Location = to.Uri.AbsoluteUri;
            return Task.CompletedTask;
        });
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using MedGan.Api.Problems;
using MedGan.Api.Security;
using Microsoft.AspNetCore.RateLimiting;

namespace MedGan.Api.Network;

/// <summary>So many requests a minute for each principal; for each address, where a request brings no valid token. One caller cannot use up the share of another.</summary>
internal static class RequestLimits
{
    private const int RefillsPerMinute = 60;

    public static IServiceCollection AddRequestLimits(this IServiceCollection services, TrafficOptions traffic) => services.AddRateLimiter(limits =>
    {
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(KeyOf(context), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = traffic.RequestsPerMinute,
            TokensPerPeriod = Math.Max(1, traffic.RequestsPerMinute / RefillsPerMinute),
            ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / Math.Min(RefillsPerMinute, traffic.RequestsPerMinute)),
            QueueLimit = 0,
        }));
        limits.OnRejected = (context, _) =>
        {
            var seconds = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
            throw new RefusedException(StatusCodes.Status429TooManyRequests, "Too many requests", $"{traffic.RequestsPerMinute} a minute are allowed. Send it again after the time that Retry-After names.")
            {
                RetryAfter = seconds.ToString(CultureInfo.InvariantCulture),
            };
        };
    });

    private static string KeyOf(HttpContext context) => context.User.Identity?.IsAuthenticated == true ? $"principal {context.User.Actor()}" : $"address {NetworkOf(context.Connection.RemoteIpAddress)}";

    /// <summary>An IPv4 address, or the first half of an IPv6 address: whoever has one of these has all of its second halves, and could ask from each in turn.</summary>
    private static string NetworkOf(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        _ => address.ToString(),
    };
}

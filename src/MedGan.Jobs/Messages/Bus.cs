using MassTransit;
using MedGan.Jobs.Monai;
using MedGan.Storage.Pacs;
using Microsoft.Extensions.DependencyInjection;

namespace MedGan.Jobs.Messages;

/// <summary>
/// The bus: plain JSON messages, an exchange for each contract, a durable queue for each command that all workers share. A command
/// that fails is tried again with growing waits and then laid into its queue's _error queue, and the next one is served.
/// </summary>
public static class Bus
{
    /// <summary>The queue that requests for synthetic sets are taken from.</summary>
    public const string CommandQueue = "medgan-commands";

    /// <summary>The queue that requests for studies are taken from. Not the same one: plain JSON does not say of which contract it is, the exchange does.</summary>
    public const string IngestStudyQueue = "medgan-commands-ingest-study";

    /// <summary>The bus of the settings, its consumers, and the outbox's publisher. A broker that is away delays nothing but messages.</summary>
    /// <param name="services">Of the worker.</param>
    /// <param name="options">The broker.</param>
    /// <param name="gateway">The informatics gateway whose messages are on the same broker; null: none.</param>
    public static IServiceCollection AddBus(this IServiceCollection services, BusOptions options, GatewayOptions? gateway = null)
    {
        services.AddSingleton(options);
        services.AddSingleton<BusCommands>();
        services.AddMassTransit(bus =>
        {
            bus.AddConsumer<SyntheticSetConsumer>();
            bus.AddConsumer<IngestStudyConsumer>();
            if (gateway is not null)
            {
                bus.AddConsumer<WorkflowRequestConsumer>();
                bus.AddConsumer<ExportCompleteConsumer>();
            }
            if (options.Host is null) bus.UsingInMemory((context, transport) => Configure(context, transport, options));
            else bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(options.Host, options.Port, options.VirtualHost, host =>
                {
                    host.Username(options.User);
                    host.Password(options.Password);
                    host.PublisherConfirmation = true;
                    host.Heartbeat(TimeSpan.FromSeconds(10));
                    if (options.UseTls) host.UseSsl(tls => tls.ServerName = options.Host);
                });
                rabbit.Durable = true;
                rabbit.PrefetchCount = 8;
                Configure(context, rabbit, options);
                if (gateway is not null) GatewayBus.Configure(context, rabbit, gateway);
            });
        });
        return services.AddHostedService<OutboxPublisher>();
    }

    private static void Configure<T>(IBusRegistrationContext context, IBusFactoryConfigurator<T> bus, BusOptions options) where T : IReceiveEndpointConfigurator
    {
        bus.UseRawJsonSerializer(RawSerializerOptions.AddTransportHeaders | RawSerializerOptions.CopyHeaders, isDefault: true);
        bus.ConfigureJsonSerializerOptions(json =>
        {
            json.WriteIndented = false;
            return json;
        });
        Take<SyntheticSetConsumer>(CommandQueue);
        Take<IngestStudyConsumer>(IngestStudyQueue);

        void Take<TConsumer>(string queue) where TConsumer : class, IConsumer => bus.ReceiveEndpoint(queue, endpoint =>
        {
            endpoint.UseMessageRetry(retry => retry.Exponential(5, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500)));
            endpoint.ConfigureConsumer<TConsumer>(context);
        });
    }
}

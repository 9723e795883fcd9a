using MassTransit;
using MedGan.Storage.Pacs;
using RabbitMQ.Client;

namespace MedGan.Jobs.Monai;

/// <summary>The gateway's topic exchange: a durable queue of ours for each topic that is for us, and requests for its exporter.</summary>
internal static class GatewayBus
{
    public static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, GatewayOptions gateway)
    {
        rabbit.Message<ExportRequest>(message => message.SetEntityName(gateway.Exchange));
        rabbit.Publish<ExportRequest>(publish => publish.ExchangeType = ExchangeType.Topic);
        rabbit.Send<ExportRequest>(send => send.UseRoutingKeyFormatter(_ => gateway.ExportTopic));
        Take<WorkflowRequestConsumer>("medgan-monai-workflow-request", WorkflowRequest.Topic);
        Take<ExportCompleteConsumer>("medgan-monai-export-complete", ExportComplete.Topic);

        void Take<TConsumer>(string queue, string topic) where TConsumer : class, IConsumer => rabbit.ReceiveEndpoint(queue, endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.Bind(gateway.Exchange, bind => (bind.ExchangeType, bind.RoutingKey, bind.Durable) = (ExchangeType.Topic, topic, true));
            endpoint.UseMessageRetry(retry => retry.Exponential(5, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500)));
            endpoint.ConfigureConsumer<TConsumer>(context);
        });
    }
}

using System.Reflection;
using System.Text;
using System.Text.Json;
using MassTransit;
using MedGan.Jobs.Messages;
using MedGan.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>Somebody else's durable queue, bound to every exchange of MedGan, and a sender of commands; both by the broker's own client.</summary>
internal sealed class Mailbox(RabbitServer broker)
{
    private const string Queue = "somebody-elses";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task BindAsync()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Ct);
        foreach (var name in typeof(StudyIngested).Assembly.GetTypes().Select(t => t.GetCustomAttribute<EntityNameAttribute>()?.EntityName).OfType<string>())
        {
            await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: Ct);
            await channel.QueueBindAsync(Queue, name, "", cancellationToken: Ct);
        }
    }

    /// <summary>The message ids of all messages that lie in the queue, taken out of it.</summary>
    public async Task<IReadOnlyList<(string Exchange, Guid Id)>> EmptyAsync()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        var messages = new List<(string, Guid)>();
        while (await channel.BasicGetAsync(Queue, autoAck: true, Ct) is { } message) messages.Add((message.Exchange, Guid.Parse(message.BasicProperties.MessageId!)));
        return messages;
    }

    /// <summary>Sends a command until the broker has confirmed it, and then, as a sender that did not hear of it would, once more.</summary>
    public async Task SendTwiceAsync(string exchange, object command)
    {
        var id = Guid.NewGuid();
        for (var confirmed = 0; confirmed < 2;)
        {
            try
            {
                await using var connection = await ConnectAsync();
                await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Ct);
                var properties = new BasicProperties { MessageId = id.ToString(), CorrelationId = id.ToString(), ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };
                await channel.BasicPublishAsync(exchange, "", mandatory: true, properties, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(command)), Ct);
                confirmed++;
            }
            catch (Exception e) when (e is BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException or RabbitMQ.Client.Exceptions.PublishException or IOException)
            {
                await Task.Delay(500, Ct); // the broker is being restarted, or no worker has bound its queue yet
            }
        }
    }

    private Task<IConnection> ConnectAsync() => new ConnectionFactory
    {
        HostName = "127.0.0.1", Port = broker.Port, UserName = RabbitServer.User, Password = RabbitServer.Password,
    }.CreateConnectionAsync(Ct);
}

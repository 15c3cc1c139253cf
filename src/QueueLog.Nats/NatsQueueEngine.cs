namespace QueueLog.Nats;

internal static class NatsQueueEngine
{
}

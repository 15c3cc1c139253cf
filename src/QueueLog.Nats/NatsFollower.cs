using System.Runtime.CompilerServices;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using QueueLog.Queue;

namespace QueueLog.Nats;

/// <summary>Reads a stream in order and without gaps, through any loss of the connection or the server.</summary>
internal static class NatsFollower
{
    private const int Prefetch = 8 * 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // Whether the server of a cluster that had the consumer is still there is only known by its heartbeats: two that are missing make another one.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(3);

    /// <param name="session">Where.</param>
    /// <param name="stream">Which.</param>
    /// <param name="start">Where to begin; its sequence moves on with what was read.</param>
    /// <param name="cancellation">Ends it, by an exception.</param>
    /// <exception cref="QueueException">The stream is not there any more, or may not be read.</exception>
    public static async IAsyncEnumerable<INatsJSMsg<byte[]>> FollowAsync(NatsSession session, string stream, NatsJSOrderedConsumerOpts start, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ulong last = 0;
        while (true)
        {
            var options = last == 0 ? start : start with { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence, OptStartSeq = last + 1 };
            var consumer = new NatsJSOrderedConsumer(stream, session.Placing, options, cancellation);
            var messages = consumer.ConsumeAsync(NatsRawSerializer<byte[]>.Default, new NatsJSConsumeOpts { MaxBytes = Math.Max(Prefetch, 2 * session.Server.MaxMessage), IdleHeartbeat = Heartbeat }, cancellation).GetAsyncEnumerator(cancellation);
            await using (messages.ConfigureAwait(false))
            {
                while (await MoveNextAsync(messages, cancellation).ConfigureAwait(false))
                {
                    if (messages.Current.Metadata is { } metadata && metadata.Sequence.Stream > last)
                    {
                        last = metadata.Sequence.Stream;
                        yield return messages.Current;
                    }
                }
            }

            cancellation.ThrowIfCancellationRequested();
            await Task.Delay(Pause, session.Options.Time, cancellation).ConfigureAwait(false);
        }
    }

    /// <returns>False when it has to be begun anew.</returns>
    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<INatsJSMsg<byte[]>> messages, CancellationToken cancellation)
    {
        try
        {
            return await messages.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && NatsFaults.Of(e) is { } fault)
        {
            return fault.Fault is QueueFault.Unreachable or QueueFault.Full ? false : throw fault;
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.ObjectStore;
using NATS.Client.ObjectStore.Models;
using QueueLog.Queue;

namespace QueueLog.Nats;

/// <summary>Three streams and a bucket of objects.</summary>
internal sealed class NatsQueueRun(NatsSession session, RunNames names) : IQueueRun
{
    private const string IdHeader = "Nats-Msg-Id";

    // Requests under way at once.
    private const int MostDeletes = 64;
    private INatsJSConsumer? hosts;
    private INatsObjStore? blobs;

    /// <summary>Who delivers the work.</summary>
    public static ConsumerConfig Hosts => new("hosts") { AckPolicy = ConsumerConfigAckPolicy.Explicit, AckWait = TimeSpan.FromSeconds(30), MaxDeliver = -1, MaxAckPending = 4096 };

    /// <inheritdoc/>
    public string Name => names.Run;

    /// <inheritdoc/>
    public Task PublishWorkAsync(string chunk, ReadOnlyMemory<byte> payload, string id, CancellationToken cancellation) =>
        PublishAsync(names.Work, names.WorkSubject(Valid(chunk)), payload, id, cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<IWorkDelivery> PullWorkAsync(int max, TimeSpan wait, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var consumer = hosts ??= await session.AskAsync(token => session.JetStream.GetConsumerAsync(names.Work, Hosts.Name!, token), cancellation).ConfigureAwait(false);
        var hasNoServer = false;
        var options = new NatsJSFetchOpts
        {
            MaxMsgs = max,
            Expires = wait,
            NotificationHandler = (notification, _) =>
            {
                hasNoServer |= notification is NatsJSNoRespondersNotification;
                return Task.CompletedTask;
            },
        };

        // Without an end of its own it would wait for a connection for as long as there is none.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(wait + session.Options.Timeout);
        var messages = consumer.FetchAsync(options, NatsRawSerializer<byte[]>.Default, deadline.Token).GetAsyncEnumerator(deadline.Token);
        await using (messages.ConfigureAwait(false))
        {
            while (await MoveNextAsync().ConfigureAwait(false))
            {
                yield return new NatsDelivery(session, messages.Current);
            }
        }

        cancellation.ThrowIfCancellationRequested();
        if (hasNoServer)
        {
            throw await UnansweredAsync(names.Work, new QueueException(QueueFault.Unreachable, "The server does not answer."), cancellation).ConfigureAwait(false);
        }

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await messages.MoveNextAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception e) when (NatsFaults.Of(e) is { } fault)
            {
                throw fault;
            }
        }
    }

    /// <inheritdoc/>
    public Task<WorkBacklog> GetBacklogAsync(CancellationToken cancellation) => session.AskAsync(
        async token =>
        {
            var stream = await session.JetStream.GetStreamAsync(names.Work, cancellationToken: token).ConfigureAwait(false);
            var consumer = await session.JetStream.GetConsumerAsync(names.Work, Hosts.Name!, token).ConfigureAwait(false);
            return new WorkBacklog(stream.Info.State.Messages, (long)consumer.Info.NumPending, consumer.Info.NumAckPending);
        },
        cancellation);

    /// <inheritdoc/>
    public Task PurgeWorkAsync(CancellationToken cancellation) =>
        session.AskAsync(token => session.JetStream.PurgeStreamAsync(names.Work, new StreamPurgeRequest(), token), cancellation);

    /// <inheritdoc/>
    public async Task<AppendOutcome> AppendAsync(string chunk, ReadOnlyMemory<byte> payload, long expectedLast, string id, CancellationToken cancellation)
    {
        var answer = await AnswerAsync(names.Done, names.DoneSubject(Valid(chunk)), payload, id, (ulong)expectedLast, cancellation).ConfigureAwait(false);
        return answer switch
        {
            { Error: { } error } => NatsFaults.IsWrongSequence(error) ? new AppendOutcome(AppendResult.Refused, 0) : throw NatsFaults.Of(error),
            { Duplicate: true } => new AppendOutcome(AppendResult.Duplicate, (long)answer.Seq),
            _ => new AppendOutcome(AppendResult.Appended, (long)answer.Seq),
        };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HistoryMessage>> ReadHistoryAsync(string chunk, CancellationToken cancellation)
    {
        var history = new List<HistoryMessage>();
        var subject = names.DoneSubject(Valid(chunk));
        while (await ReadAsync(new StreamMsgGetRequest { Seq = history.Count == 0 ? 1 : (ulong)history[^1].Sequence + 1, NextBySubj = subject }, cancellation).ConfigureAwait(false) is { } message)
        {
            history.Add(message);
        }

        return history;
    }

    /// <inheritdoc/>
    public Task<HistoryMessage?> ReadLastAsync(string chunk, CancellationToken cancellation) =>
        ReadAsync(new StreamMsgGetRequest { LastBySubj = names.DoneSubject(Valid(chunk)) }, cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<HistoryMessage> FollowHistoriesAsync(long fromSequence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var start = fromSequence > 1
            ? new NatsJSOrderedConsumerOpts { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence, OptStartSeq = (ulong)fromSequence }
            : new NatsJSOrderedConsumerOpts();
        await foreach (var message in NatsFollower.FollowAsync(session, names.Done, start, cancellation).ConfigureAwait(false))
        {
            yield return new HistoryMessage(RunNames.LastToken(message.Subject), (long)message.Metadata!.Value.Sequence.Stream, message.Metadata.Value.Timestamp, Id(message), message.Data ?? []);
        }
    }

    /// <inheritdoc/>
    public Task PublishLogAsync(string host, ReadOnlyMemory<byte> lines, string id, CancellationToken cancellation) =>
        PublishAsync(names.Log, names.LogSubject(QueueName.Encode(host)), lines, id, cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogMessage> FollowLogAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var message in NatsFollower.FollowAsync(session, names.Log, new NatsJSOrderedConsumerOpts(), cancellation).ConfigureAwait(false))
        {
            if (QueueName.Decode(RunNames.LastToken(message.Subject)) is { } host)
            {
                yield return new LogMessage(host, (long)message.Metadata!.Value.Sequence.Stream, Id(message), message.Data ?? []);
            }
        }
    }

    /// <inheritdoc/>
    public async Task ReleaseLogAsync(IReadOnlyCollection<long> sequences, CancellationToken cancellation)
    {
        foreach (var some in sequences.Chunk(MostDeletes))
        {
            await Task.WhenAll(some.Select(sequence => DeleteLogAsync(sequence, cancellation))).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task PutBlobAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var store = await BlobsAsync(cancellation).ConfigureAwait(false);
        await session.AskAsync(
            async token =>
            {
                var stream = MemoryMarshal.TryGetArray(content, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(content.ToArray());
                return await store.PutAsync(QueueName.Encode(name), stream, cancellationToken: token).ConfigureAwait(false);
            },
            cancellation,
            content.Length).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> GetBlobAsync(string name, long limit, CancellationToken cancellation)
    {
        var store = await BlobsAsync(cancellation).ConfigureAwait(false);
        if (await InfoAsync(store, name, cancellation).ConfigureAwait(false) is not { } info)
        {
            return await session.ExistsAsync(names.BlobStream, cancellation).ConfigureAwait(false) ? null : throw new QueueException(QueueFault.Gone, $"The run '{Name}' is not on the server.");
        }

        if ((long)info.Size > limit)
        {
            throw new InvalidDataException($"The blob '{name}' has {info.Size} bytes; {limit} are allowed.");
        }

        return await ReadPiecesAsync(name, info, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteBlobAsync(string name, CancellationToken cancellation)
    {
        var store = await BlobsAsync(cancellation).ConfigureAwait(false);
        if (await InfoAsync(store, name, cancellation).ConfigureAwait(false) is not null)
        {
            await session.AskAsync(token => store.DeleteAsync(QueueName.Encode(name), token), cancellation).ConfigureAwait(false);
        }
    }

    private static string Valid(string chunk) =>
        QueueName.IsValid(chunk) ? chunk : throw new ArgumentException($"'{chunk}' cannot be the name of a chunk.", nameof(chunk));

    private static string Id(INatsJSMsg<byte[]> message) => message.Headers is { } headers && headers.TryGetLastValue(IdHeader, out var id) ? id! : "";

    private async Task PublishAsync(string stream, string subject, ReadOnlyMemory<byte> payload, string id, CancellationToken cancellation)
    {
        if ((await AnswerAsync(stream, subject, payload, id, null, cancellation).ConfigureAwait(false)).Error is { } error)
        {
            throw NatsFaults.Of(error);
        }
    }

    private async Task<PubAckResponse> AnswerAsync(string stream, string subject, ReadOnlyMemory<byte> payload, string id, ulong? expectedLast, CancellationToken cancellation)
    {
        var since = session.Options.Time.GetTimestamp();
        try
        {
            return await session.PublishAsync(subject, payload, id, expectedLast, cancellation).ConfigureAwait(false);
        }
        catch (QueueException e) when (e.InnerException is NatsJSPublishNoResponseException && session.Options.Time.GetElapsedTime(since) < session.Options.Timeout)
        {
            throw await UnansweredAsync(stream, e, cancellation).ConfigureAwait(false);
        }
    }

    // Nobody answers for a stream that is not there, nor for one that is not there yet because the server has just started.
    private async Task<QueueException> UnansweredAsync(string stream, QueueException fault, CancellationToken cancellation) =>
        await session.ExistsAsync(stream, cancellation).ConfigureAwait(false) ? fault : new QueueException(QueueFault.Gone, $"The run '{Name}' is not on the server.", fault.InnerException);

    // One by one. A purge moves consumers on to the stream's end as the server sees it then (2.9), and a message that comes in at that
    // moment is never delivered.
    private Task DeleteLogAsync(long sequence, CancellationToken cancellation) => session.AskAsync(
        async token =>
        {
            try
            {
                await session.JetStream.DeleteMessageAsync(names.Log, new StreamMsgDeleteRequest { Seq = (ulong)sequence, NoErase = true }, token).ConfigureAwait(false);
            }
            catch (NatsJSApiException e) when (e.Error.ErrCode == 10057)
            {
                // It is there no more.
            }
        },
        cancellation);

    private async Task<HistoryMessage?> ReadAsync(StreamMsgGetRequest request, CancellationToken cancellation) =>
        await session.ReadAsync(names.Done, request, cancellation).ConfigureAwait(false) is { } message
            ? new HistoryMessage(RunNames.LastToken(message.Subject), (long)message.Seq, message.Time, StoredHeaders.Find(message.Hdrs, IdHeader), message.Data)
            : null;

    // Not by a consumer, as the client would do it: in a cluster, that may be on a server that is behind, or dead.
    private async Task<byte[]> ReadPiecesAsync(string name, ObjectMetadata info, CancellationToken cancellation)
    {
        var content = new byte[info.Size];
        var rest = content.AsMemory();
        var request = new StreamMsgGetRequest { Seq = 1, NextBySubj = $"$O.{names.Blobs}.C.{info.Nuid}" };
        while (rest.Length > 0 && await session.ReadAsync(names.BlobStream, request, cancellation).ConfigureAwait(false) is { } piece && piece.Data.Length <= rest.Length)
        {
            piece.Data.CopyTo(rest);
            rest = rest[piece.Data.Length..];
            request = request with { Seq = piece.Seq + 1 };
        }

        var digest = Convert.ToBase64String(SHA256.HashData(content)).Replace('+', '-').Replace('/', '_');
        return info.Digest == $"SHA-256={digest}" ? content : throw new InvalidDataException($"The blob '{name}' is not what was stored.");
    }

    private async Task<INatsObjStore> BlobsAsync(CancellationToken cancellation) =>
        blobs ??= await session.AskAsync(token => new NatsObjContext(session.JetStream).GetObjectStoreAsync(names.Blobs, token), cancellation).ConfigureAwait(false);

    private Task<ObjectMetadata?> InfoAsync(INatsObjStore store, string name, CancellationToken cancellation) => session.AskAsync<ObjectMetadata?>(
        async token =>
        {
            try
            {
                return await store.GetInfoAsync(QueueName.Encode(name), cancellationToken: token).ConfigureAwait(false);
            }
            catch (NatsObjNotFoundException)
            {
                return null;
            }
        },
        cancellation);
}

using System.Runtime.CompilerServices;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.KeyValueStore;
using QueueLog.Queue;

namespace QueueLog.Nats;

/// <summary>A bucket of keys and values.</summary>
internal sealed class NatsTable(NatsSession session, string bucket, TimeSpan maxAge) : IQueueTable
{
    private const int Batch = 1000;

    // The header of a message that says that the key was deleted.
    private const string Operation = "KV-Operation";

    // There is one message for each key, so that all of them are the latest.
    private static readonly NatsJSOrderedConsumerOpts All = new();
    private readonly string stream = $"KV_{bucket}";
    private INatsKVStore store = null!;

    /// <summary>Makes the bucket where it is not there; the first call.</summary>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        var context = new NatsKVContext(session.JetStream);
        if (!await session.ExistsAsync(stream, cancellation).ConfigureAwait(false))
        {
            await session.CreateAsync((copies, token) => context.CreateStoreAsync(new NatsKVConfig(bucket) { History = 1, MaxAge = maxAge, NumberOfReplicas = copies }, token), cancellation).ConfigureAwait(false);
        }

        store = await session.AskAsync(token => context.GetStoreAsync(bucket, token), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<TableEntry?> GetAsync(string key, CancellationToken cancellation) =>
        await session.ReadAsync(stream, new StreamMsgGetRequest { LastBySubj = $"$KV.{bucket}.{QueueName.Encode(key)}" }, cancellation).ConfigureAwait(false) is { } message
            && StoredHeaders.Find(message.Hdrs, Operation).Length == 0
            ? new TableEntry(key, message.Data, (long)message.Seq)
            : null;

    /// <inheritdoc/>
    public Task<IReadOnlyList<TableEntry>> GetAllAsync(CancellationToken cancellation) => session.AskAsync<IReadOnlyList<TableEntry>>(
        async token =>
        {
            var entries = new Dictionary<string, TableEntry>(StringComparer.Ordinal);
            var consumer = new NatsJSOrderedConsumer(stream, session.Placing, All, token);
            for (var read = Batch; read == Batch;)
            {
                read = 0;
                await foreach (var message in consumer.FetchNoWaitAsync(new NatsJSFetchOpts { MaxMsgs = Batch }, NatsRawSerializer<byte[]>.Default, token).ConfigureAwait(false))
                {
                    read++;
                    if (Entry(message) is { } entry)
                    {
                        entries[entry.Key] = entry;
                    }
                }
            }

            token.ThrowIfCancellationRequested();
            return [.. entries.Values.Where(entry => !entry.IsDeleted)];
        },
        cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> GetKeysAsync(CancellationToken cancellation) =>
        [.. (await GetAllAsync(cancellation).ConfigureAwait(false)).Select(entry => entry.Key)];

    /// <inheritdoc/>
    public async Task<long> PutAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellation) =>
        (long)await session.AskAsync(token => store.PutAsync(QueueName.Encode(key), value, NatsRawSerializer<ReadOnlyMemory<byte>>.Default, token), cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<long?> TryUpdateAsync(string key, ReadOnlyMemory<byte> value, long revision, CancellationToken cancellation)
    {
        var serializer = NatsRawSerializer<ReadOnlyMemory<byte>>.Default;
        var name = QueueName.Encode(key);
        var result = await session.AskAsync(
            token => revision == 0 ? store.TryCreateAsync(name, value, serializer, token) : store.TryUpdateAsync(name, value, (ulong)revision, serializer, token),
            cancellation).ConfigureAwait(false);
        return result.Success ? (long)result.Value
            : result.Error is NatsKVWrongLastRevisionException or NatsKVCreateException ? null
            : throw Fault(result.Error);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellation) =>
        session.AskAsync(token => store.DeleteAsync(QueueName.Encode(key), cancellationToken: token), cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<TableEntry> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var message in NatsFollower.FollowAsync(session, stream, All, cancellation).ConfigureAwait(false))
        {
            if (Entry(message) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private static TableEntry? Entry(INatsJSMsg<byte[]> message)
    {
        var isDeleted = message.Headers?.ContainsKey(Operation) ?? false;
        return QueueName.Decode(RunNames.LastToken(message.Subject)) is { } key && message.Metadata is { } metadata
            ? new TableEntry(key, isDeleted ? default : message.Data ?? [], (long)metadata.Sequence.Stream, isDeleted)
            : null;
    }

    private static Exception Fault(Exception error) => NatsFaults.Of(error) ?? error;
}

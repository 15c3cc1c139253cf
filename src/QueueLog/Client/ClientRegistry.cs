using System.Collections.Concurrent;
using System.Diagnostics;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>The clients of this process, one per listener, connected when first needed.</summary>
internal static class ClientRegistry
{
    /// <summary>Environment variable with the address of the session's default listener; child processes inherit it.</summary>
    public const string AddressVariable = "QUEUELOG_PIPE";

    // A listener that does not answer is not asked again for this long: a script that logs without one must not crawl.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>The lowest level that is shown where there is no listener: details of a library belong in a log, not on the screen of a user without one.</summary>
    public const LogLevel LowestShown = LogLevel.Information;

    private static readonly ConcurrentDictionary<string, Entry> Entries = new(StringComparer.Ordinal);

    // Records for the session's listener that none took, as long as the process has not heard of one again: the next may have another
    // address.
    private static long lostByDefault;

    // The clients that have not ended, each with what tells its losses.
    private static readonly ConcurrentDictionary<LogClient, Task> Living = new();

    // The entry used last, for the common case of one listener.
    private static Entry? latest;

    private static int undelivered;

    static ClientRegistry()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => CloseAll(TimeSpan.FromSeconds(5));
        ProcessContext.Ending += () => CloseAll(TimeSpan.FromSeconds(1));
    }

    public static string? DefaultAddress
    {
        get
        {
            if (SinkCode.ListenerAddress is { } own)
            {
                return own;
            }

            var address = Environment.GetEnvironmentVariable(AddressVariable);
            return string.IsNullOrEmpty(address) ? null : address;
        }
    }

    /// <summary>Whether a listener knows this process by its name already.</summary>
    public static bool HasClients => !Living.IsEmpty;

    /// <summary>The client for an address, connected now if it was not; null when no listener answers there.</summary>
    public static LogClient? Get(string? address)
    {
        if (address is null)
        {
            return null;
        }

        var entry = EntryOf(address);
        return entry.Client is { IsClosed: false } client ? client : entry.Connect();
    }

    /// <summary>The client for an address; null when none is connected.</summary>
    public static LogClient? Find(string address) => Entries.TryGetValue(address, out var entry) && entry.Client is { IsClosed: false } client ? client : null;

    /// <summary>Why the listener of an address may not be used; null where there is none, or it may.</summary>
    public static string? RefusalOf(string? address) => address is null ? null : EntryOf(address).Refusal;

    /// <summary>Forgets that a listener was not there: one has just been started.</summary>
    public static void Forget(string address)
    {
        if (Entries.TryGetValue(address, out var entry))
        {
            entry.AllowConnect();
        }
    }

    /// <summary>A record could be handed over to nobody: the listener is told at the next contact, so that its log says what is not in it.</summary>
    /// <param name="address">Where it was to go; null where there was nobody to take it, empty where somebody might come.</param>
    /// <param name="level">Its level: one that the listener did not want when it was last heard of is not missed.</param>
    /// <param name="count">How many of this level.</param>
    public static void CountLost(string? address, LogLevel level, long count = 1)
    {
        if (address is not null && (address.Length == 0 || !EntryOf(address).TryCountLost(level, count)))
        {
            if (address.Length == 0 || string.Equals(address, DefaultAddress, StringComparison.Ordinal))
            {
                Interlocked.Add(ref lostByDefault, count);
            }
            else
            {
                EntryOf(address).AddLost(count);
            }
        }
    }

    /// <summary>Whether this is the process's first record that is shown because there is no listener: then the caller warns, once.</summary>
    public static bool IsFirstUndelivered() => Interlocked.Exchange(ref undelivered, 1) == 0;

    /// <summary>Sends what all clients hold and ends them.</summary>
    public static void CloseAll(TimeSpan timeout)
    {
        var living = Living.ToArray();
        Task.WhenAll(living.Select(entry => entry.Key.CloseAsync(timeout))).GetAwaiter().GetResult();
        Task.WhenAll(living.Select(entry => entry.Value)).GetAwaiter().GetResult();
    }

    // Also of a client that is long replaced by then: a listener that died takes seconds to be given up.
    private static async Task ReportLossesAsync(LogClient client)
    {
        var unsent = await client.Completion.ConfigureAwait(false);
        if (unsent > 0)
        {
            Console.Error.WriteLine($"QueueLog: {unsent} {(unsent == 1 ? "record" : "records")} could not be delivered to '{client.Address}': no listener came back there in time.");
        }

        if (unsent + client.LostUnreported is > 0 and var untold)
        {
            CountLost(client.Address, LogLevel.Critical, untold);
        }

        if (client.Kept > 0)
        {
            Console.Error.WriteLine($"QueueLog: {client.Kept} {(client.Kept == 1 ? "record waits" : "records wait")} in the journal: the next listener on '{client.Listener.LogPath}' writes {(client.Kept == 1 ? "it" : "them")}.");
        }

        Living.TryRemove(client, out _);
    }

    private static Entry EntryOf(string address)
    {
        var entry = Volatile.Read(ref latest);
        if (entry is null || !ReferenceEquals(entry.Address, address) && !string.Equals(entry.Address, address, StringComparison.Ordinal))
        {
            entry = Entries.GetOrAdd(address, static key => new Entry(key));
            Volatile.Write(ref latest, entry);
        }

        return entry;
    }

    private sealed class Entry(string address)
    {
        private readonly object gate = new();
        private long failedAt;
        private long lost;

        public string Address { get; } = address;

        public LogClient? Client { get; private set; }

        /// <summary>What was wrong at the last attempt where somebody listens who may not be used.</summary>
        public string? Refusal { get; private set; }

        public void AllowConnect() => Interlocked.Exchange(ref failedAt, 0);

        public void AddLost(long count) => Interlocked.Add(ref lost, count);

        /// <returns>False when there is no client to count it.</returns>
        public bool TryCountLost(LogLevel level, long count) =>
            level < (Client?.WantedLevel ?? LogLevel.Information) || (Client is { IsClosed: false } client && client.TryCountLost(count));

        public LogClient? Connect()
        {
            lock (gate)
            {
                if (Client is { IsClosed: false } client)
                {
                    return client;
                }

                var failed = Interlocked.Read(ref failedAt);
                if (failed != 0 && Stopwatch.GetElapsedTime(failed) < RetryAfter)
                {
                    return null;
                }

                var isDefault = string.Equals(Address, DefaultAddress, StringComparison.Ordinal);
                var untold = Interlocked.Exchange(ref lost, 0) + (isDefault ? Interlocked.Exchange(ref lostByDefault, 0) : 0);
                try
                {
                    // On a thread of the pool: the caller's thread may have a synchronization context.
                    var connected = Task.Run(() => LogClient.ConnectAsync(Address, new ClientOptions { Lost = untold }, CancellationToken.None)).GetAwaiter().GetResult();
                    Living.TryAdd(connected, Task.CompletedTask);
                    Living.TryUpdate(connected, ReportLossesAsync(connected), Task.CompletedTask);
                    Client = connected;
                    Refusal = null;
                    return connected;
                }
                catch (Exception e) when (e is IOException or TimeoutException or UnauthorizedAccessException or ProtocolException or ArgumentException)
                {
                    CountAgain(untold, isDefault);
                    Refusal = (e as ForeignPipeException)?.Message;
                    Interlocked.Exchange(ref failedAt, Stopwatch.GetTimestamp());
                    return null;
                }
            }
        }

        private void CountAgain(long untold, bool isDefault)
        {
            if (isDefault)
            {
                Interlocked.Add(ref lostByDefault, untold);
            }
            else
            {
                AddLost(untold);
            }
        }
    }
}

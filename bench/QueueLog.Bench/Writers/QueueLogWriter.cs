using QueueLog.Client;

namespace QueueLog.Bench.Writers;

/// <summary>The object that Get-QueueLogger gives, called with a template and two arguments.</summary>
internal sealed class QueueLogWriter : RecordWriter
{
    public const string Kind = "queuelog";
    public const string SyncedKind = "queuelog-synced";

    private readonly string address;
    private readonly QueueLogger logger;

    public QueueLogWriter(string address, string name)
    {
        ProcessContext.Identity = new ProcessIdentity(name, null);
        this.address = address;
        logger = new QueueLogger(category: null, address);
    }

    /// <summary>Whether each record is waited for until it would survive the machine. Default: no.</summary>
    public bool WaitsUntilSynced { get; init; }

    public override void Write(int number, int total)
    {
        logger.Info("record {Number} of {Total}", number, total);
        if (WaitsUntilSynced)
        {
            WaitUntilSynced();
        }
    }

    // Before the process ends, as the end of any session would.
    public override void Dispose() => ClientRegistry.CloseAll(TimeSpan.FromMinutes(1));

    // The one place that knows how to wait. A flush says that the records are written; with a durable listener, synced.
    private void WaitUntilSynced()
    {
        if (ClientRegistry.Get(address) is not { } client || !client.WaitUntilAcknowledged(CancellationToken.None))
        {
            throw new IOException("The listener ended before it had the record.");
        }
    }
}

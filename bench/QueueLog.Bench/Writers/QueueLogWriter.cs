using QueueLog.Client;

namespace QueueLog.Bench.Writers;

/// <summary>The object that Get-QueueLogger gives, called with a template and two arguments.</summary>
internal sealed class QueueLogWriter : RecordWriter
{
    public const string Kind = "queuelog";

    private readonly QueueLogger logger;

    public QueueLogWriter(string address, string name)
    {
        ProcessContext.Name = name;
        logger = new QueueLogger(category: null, address);
    }

    public override void Write(int number, int total) => logger.Info("record {Number} of {Total}", number, total);

    // Before the process ends, as the end of any session would.
    public override void Dispose() => ClientRegistry.CloseAll(TimeSpan.FromMinutes(1));
}

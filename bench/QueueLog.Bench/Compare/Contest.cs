namespace QueueLog.Bench.Compare;

/// <summary>Contenders that do the same work and are measured in the same unit.</summary>
internal sealed record Contest(string Title, string Unit)
{
    public static readonly Contest Log = new("10 writer processes into one file", "records/s");
    public static readonly Contest ManyWriters = new("More writer processes, the same records each", "records/s");
    public static readonly Contest Synced = new("10 writer processes, each waits until its record is on the disk", "records/s");
    public static readonly Contest Visible = new("From a write to its line in the file, idle", "ms");
    public static readonly Contest Idle = new("Listener with 10 idle clients", "% of a core");
    public static readonly Contest InfoCall = new("One call of Info(\"…\") in C#", "ns");
    public static readonly Contest InfoBytes = new("Allocated by one call of Info(\"…\") in C#", "bytes");
    public static readonly Contest Call = new("One call from a script", "ns");
    public static readonly Contest Items = new("Empty items, 2 workers", "items/s");
    public static readonly Contest RoundTrip = new("Round trip of one item", "ms");
    public static readonly Contest HostReady = new("10 processes ready, embedded engine", "ms");
    public static readonly Contest PwshReady = new("10 processes ready, pwsh", "ms");
}

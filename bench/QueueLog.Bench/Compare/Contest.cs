namespace QueueLog.Bench.Compare;

/// <summary>Contenders that do the same work and are measured in the same unit.</summary>
internal sealed record Contest(string Title, string Unit)
{
    public static readonly Contest Log = new("10 writer processes into one file", "records/s");
    public static readonly Contest Call = new("One call from a script", "ns");
    public static readonly Contest Items = new("Empty items, 2 workers", "items/s");
    public static readonly Contest RoundTrip = new("Round trip of one item", "ms");
    public static readonly Contest HostReady = new("10 processes ready, embedded engine", "ms");
    public static readonly Contest PwshReady = new("10 processes ready, pwsh", "ms");
}

namespace QueueLog.Pool.Processes;

/// <summary>Templates of the records by which a pool and its workers tell of items: what reads a log knows the records by these.</summary>
internal static class ItemTexts
{
    // What the worker itself writes.
    public const string Started = "item {Item} started";
    public const string Completed = "item {Item} completed in {Milliseconds} ms";
    public const string Stopped = "item {Item} was stopped after {Milliseconds} ms";
    public const string Failed = "item {Item}, '{Input}', failed after {Milliseconds} ms: {Error}";

    // What the pool writes.
    public const string TimedOut = "item {Item}, '{Input}', took longer than {Seconds} s";
    public const string Crashed = "item {Item}, '{Input}', failed: its worker died";
    public const string NotSent = "item {Item}, '{Input}', failed: it cannot be sent to a worker: {Reason}";
    public const string Retried = "item {Item}, '{Input}', will be run again, as attempt {NextAttempt}, in {Seconds} s";
}

namespace QueueLog.Bench.Compare;

/// <summary>Contenders that do the same work and are measured in the same unit.</summary>
internal sealed record Contest(string Title, string Unit)
{
    public static readonly Contest Log = new("10 writer processes into one file", "records/s");
    public static readonly Contest ManyWriters = new("More writer processes, the same records each", "records/s");
    public static readonly Contest Synced = new("10 writer processes, each waits until its record is on the disk", "records/s");
    public static readonly Contest Formatted = new("Formatted and written by the listener, one thread", "records/s");
    public static readonly Contest Rolled = new("Text, rolled, one thread", "records/s");
    public static readonly Contest LogRolled = new("10 writer processes into one file, rolled", "records/s");
    public static readonly Contest FormattedBytes = new("Allocated by the listener for one record", "bytes");
    public static readonly Contest Visible = new("From a write to its line in the file, idle", "ms");
    public static readonly Contest Idle = new("Listener with 10 idle clients", "% of a core");
    public static readonly Contest InfoCall = new("One call of Info(\"…\") in C#", "ns");
    public static readonly Contest InfoBytes = new("Allocated by one call of Info(\"…\") in C#", "bytes");
    public static readonly Contest Filtered = new("A record filtered by level at the writer, in C#", "ns");
    public static readonly Contest Call = new("One call from a script", "ns");
    public static readonly Contest Items = new("Empty items, pool of 2 workers", "items/s");
    public static readonly Contest QueueItems = new("Empty items, the start of the workers included: here, and over a queue with two hosts of one worker", "items/s");
    public static readonly Contest QueueSleep = new("1,600 items of 100 ms over a queue, two hosts of 8 workers (ideal: 10,000)", "ms");
    public static readonly Contest LongQueueSleep = new("9,600 of them (ideal: 60,000)", "ms");
    public static readonly Contest QueueMemory = new("Memory over a queue, 1,000,000 items to Out-Null, two hosts of one worker", "MB");
    public static readonly Contest QueueRecords = new("Records of two hosts' workers into the file of the script, the start of the workers included", "records/s");
    public static readonly Contest RoundTrip = new("Round trip of one item through a pool, the first 3,000", "ms");
    public static readonly Contest LongRoundTrip = new("Round trip of one item through a pool, the first 10,000", "ms");
    public static readonly Contest Import = new("Import of the module", "ms");
    public static readonly Contest Ready = new("Pool of 10 processes ready", "ms");
    public static readonly Contest FirstResult = new("First result of a cold pool", "ms");
    public static readonly Contest Replaced = new("Killed worker of a pool to the next item", "ms");
    public static readonly Contest Strings = new("100 strings of 1 MB through a pool and back, 2 workers", "MB/s");
    public static readonly Contest Rows = new("Objects of ten properties through a pool and back, 2 workers", "items/s");
    public static readonly Contest ManyRows = new("The same, 500,000 of them: the time until the code is compiled counts little", "items/s");
    public static readonly Contest RowsOut = new("Objects of ten properties out of a pool, 2 workers", "items/s");
    public static readonly Contest ManyRowsOut = new("The same, many of them", "items/s");
    public static readonly Contest Table = new("A CSV table of 100,000 rows, a number for each row, pool of 2 workers", "ms");
    public static readonly Contest Received = new("Receive-Job of a job that has ended with 200,000 results", "ms");
    public static readonly Contest Files = new("Files of Get-ChildItem through a pool and back, 2 workers", "items/s");
    public static readonly Contest ManyWorkers = new("From nothing to the last of 20,000 items, in many processes", "ms");
    public static readonly Contest ObjectsMemory = new("Memory of a pool's parent, 1,000,000 objects of ten properties to Out-Null", "MB");
    public static readonly Contest Memory = new("Memory of a pool's parent, 1,000,000 items to Out-Null", "MB");
    public static readonly Contest Search = new("Few matches of a regular expression in a log of 1 GB", "MB/s");
    public static readonly Contest SearchAnyText = new("The same in a log that is not all ASCII", "MB/s");
    public static readonly Contest Objects = new("A log as objects, all of it, in C#", "records/s");
    public static readonly Contest ForeignObjects = new("Lines of JSON of another program, all of them, in pwsh", "items/s");
    public static readonly Contest ForeignErrors = new("The errors among such lines, one in a hundred, in pwsh", "items/s");
    public static readonly Contest LastMinute = new("The last minute of a log of 1 GB", "ms");
}

namespace QueueLog.Reporting;

/// <summary>A record of the log, as a report shows it.</summary>
/// <param name="Time">UTC ticks.</param>
/// <param name="Level">Its level; -1 for a line that is no record.</param>
/// <param name="Process">Who wrote it.</param>
/// <param name="Lane">Number of the lane it belongs to; of its worker's name until there are lanes; -1 for none.</param>
/// <param name="Item">Index of its item; -1 for none.</param>
/// <param name="Message">Its text, cut where it is long.</param>
/// <param name="Exception">Type, message and stack trace of its exception; empty for none.</param>
internal sealed record ReportRecord(long Time, int Level, string Process, int Lane, long Item, string Message, string Exception)
{
    /// <summary>The worker's process that it is of; 0 where that is not known.</summary>
    public int Pid { get; init; }

    /// <summary>Its place among all that were read.</summary>
    public long Number { get; init; }

    // The other columns of a record, each a small number.
    private const int Fixed = 24;

    /// <summary>About how many bytes it takes in a page.</summary>
    public int Size { get; } = Fixed + ReportText.SizeOf(Message) + ReportText.SizeOf(Exception);
}

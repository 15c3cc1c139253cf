namespace QueueLog.Reading.Formats;

/// <summary>When a file was written last, on the clock of its reader: no time in it is later. A file that is followed goes on.</summary>
internal sealed class LastWrite(DateTime time)
{
    public DateTime Time { get; set; } = time;
}

using QueueLog.Formatting;
using QueueLog.Sinks.Queued;
using QueueLog.Wire;

namespace QueueLog.Sinks;

/// <summary>Shows records on a console. It may wait for the console's reader, so it needs a thread of its own.</summary>
/// <param name="formatter">Writes the entries.</param>
/// <param name="colour">Whether entries are coloured by their level.</param>
/// <param name="stream">Where to write. Left open.</param>
/// <param name="sharesScreen">Whether what the session's streams show is left out.</param>
internal sealed class ConsoleWriter(IRecordFormatter formatter, bool colour, Stream stream, bool sharesScreen = false) : IRecordSink
{
    private readonly ConsoleText text = new(formatter, colour);

    public bool WantsCaller => formatter.WantsCaller;

    public bool WantsProperties => formatter.WantsProperties;

    /// <summary>Writes a block of whole entries. Several consoles may share a stream: none writes into another's block.</summary>
    public static void WriteBlock(Stream stream, ReadOnlySpan<byte> block)
    {
        lock (stream)
        {
            stream.Write(block);
            stream.Flush();
        }
    }

    public void Write(scoped in RecordView record)
    {
        if (!(record.IsInStreams && sharesScreen))
        {
            text.Add(in record);
        }
    }

    /// <summary>Says at the next flush how many records are missing here.</summary>
    public void MarkGap(long records) =>
        text.AddLine($"QueueLog: {SinkMetrics.CountOf(records)} left out here: the console was behind");

    /// <summary>Writes what is pending; what the stream does not take stays pending.</summary>
    public void Flush()
    {
        if (!text.Written.IsEmpty)
        {
            WriteBlock(stream, text.Written);
            text.Clear();
        }
    }

    public void Dispose()
    {
    }
}

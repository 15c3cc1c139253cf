using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Sinks;

/// <summary>Shows records on a console, and waits for whoever reads it: for a thread that holds up nobody.</summary>
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

    /// <summary>Writes what is pending; what the stream does not take stays pending.</summary>
    public void Flush()
    {
        if (text.Entries > 0)
        {
            WriteBlock(stream, text.Written);
            text.Clear();
        }
    }

    public void Dispose()
    {
    }
}

using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Sinks;

/// <summary>Records as a console shows them, formatted and not yet written.</summary>
internal sealed class ConsoleText(IRecordFormatter formatter, bool colour)
{
    // A longer batch goes out in parts, so that the console is busy with the first while the next is formatted.
    private const int FullLength = 64 * 1024;

    private readonly ByteWriter pending = new();

    public int Entries { get; private set; }

    public bool IsFull => pending.Length >= FullLength;

    public ReadOnlySpan<byte> Written => pending.Written;

    public void Add(scoped in RecordView record)
    {
        var start = pending.Length;
        try
        {
            var shade = colour ? AnsiColours.For(record.Level) : default;
            pending.WriteBytes(shade);
            formatter.Format(in record, pending);
            if (!shade.IsEmpty)
            {
                // The colour ends with the text, so that the next line starts without one whatever writes it.
                pending.Truncate(pending.Length - 1);
                pending.WriteBytes(AnsiColours.Reset);
                pending.WriteByte((byte)'\n');
            }
        }
        catch
        {
            pending.Truncate(start);
            throw;
        }

        Entries++;
    }

    public void Clear()
    {
        pending.Clear(keepCapacity: 2 * FullLength);
        Entries = 0;
    }
}

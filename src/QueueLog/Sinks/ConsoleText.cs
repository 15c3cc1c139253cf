using System.Text;
using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Sinks;

/// <summary>Records as a console shows them, formatted and not yet written.</summary>
internal sealed class ConsoleText(IRecordFormatter formatter, bool colour)
{
    private const int KeepCapacity = 128 * 1024;

    private readonly ByteWriter pending = new();

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
    }

    /// <summary>Adds a line that is no record.</summary>
    public void AddLine(string line)
    {
        pending.WriteBytes(Encoding.UTF8.GetBytes(line));
        pending.WriteByte((byte)'\n');
    }

    public void Clear() => pending.Clear(KeepCapacity);
}

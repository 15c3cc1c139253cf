using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Sinks;

/// <summary>Shows records on standard error, whole batches at a time.</summary>
internal sealed class ConsoleSink : IRecordSink
{
    private const int MaxPending = 1024 * 1024;

    private readonly IRecordFormatter formatter;
    private readonly ConsoleSinkOptions options;
    private readonly Stream stream;
    private readonly ByteWriter pending = new();
    private Exception? lastFailure;

    /// <param name="formatter">Writes the entries.</param>
    /// <param name="options">Level and colours.</param>
    /// <param name="stream">Where to write; standard error when left out. Left open.</param>
    public ConsoleSink(IRecordFormatter formatter, ConsoleSinkOptions options, Stream? stream = null)
    {
        this.formatter = formatter;
        this.options = options;
        this.stream = stream ?? Console.OpenStandardError();
    }

    public void Write(scoped in RecordView record)
    {
        if (record.Level < options.MinimumLevel)
        {
            return;
        }

        if (pending.Length >= MaxPending)
        {
            if (lastFailure is not null)
            {
                throw new IOException("The console takes no more and what waits for it has reached its limit.", lastFailure);
            }

            Flush();
        }

        var start = pending.Length;
        try
        {
            var colour = options.Colour ? ConsoleColours.For(record.Level) : default;
            pending.WriteBytes(colour);
            formatter.Format(in record, pending);
            if (!colour.IsEmpty)
            {
                // The colour ends with the text, so that the next line starts without one whatever writes it.
                pending.Truncate(pending.Length - 1);
                pending.WriteBytes(ConsoleColours.Reset);
                pending.WriteByte((byte)'\n');
            }
        }
        catch
        {
            pending.Truncate(start);
            throw;
        }
    }

    public void Flush()
    {
        if (pending.Length == 0)
        {
            return;
        }

        try
        {
            stream.Write(pending.Written);
            stream.Flush();
        }
        catch (Exception exception)
        {
            lastFailure = exception;
            throw;
        }

        lastFailure = null;
        pending.Clear(keepCapacity: MaxPending);
    }

    public void Dispose()
    {
        Flush();
        pending.Clear();
    }
}

using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Sinks;

/// <summary>Shows records on standard error, or on the screen of the session, whole batches at a time, without ever waiting long for whoever reads it.</summary>
internal sealed class ConsoleSink : IRecordSink
{
    private readonly IRecordFormatter formatter;
    private readonly ConsoleSinkOptions options;
    private readonly FailureLog failures;
    private readonly ConsoleText text;
    private readonly ConsoleOutput output;
    private bool disposed;

    /// <param name="formatter">Writes the entries.</param>
    /// <param name="options">Level, colours and timeouts.</param>
    /// <param name="failures">Told when the console is behind.</param>
    /// <param name="stream">Where to write; standard error when left out. Left open.</param>
    public ConsoleSink(IRecordFormatter formatter, ConsoleSinkOptions options, FailureLog failures, Stream? stream = null)
    {
        this.formatter = formatter;
        this.options = options;
        this.failures = failures;
        text = new ConsoleText(formatter, options.Colour);
        output = new ConsoleOutput(stream ?? StandardError.Open(), options);
    }

    public bool WantsCaller => formatter.WantsCaller;

    public bool WantsProperties => formatter.WantsProperties;

    public long Lost => output.Lost;

    public bool IsBehind => output.IsBehind;

    public void Write(scoped in RecordView record)
    {
        if (record.Level < options.MinimumLevel || (record.IsInStreams && options.SharesScreen) || output.CountLostIfBehind())
        {
            return;
        }

        text.Add(in record);
        if (text.IsFull)
        {
            HandOver();
        }
    }

    /// <summary>Hands over what is pending. A failure of the stream is thrown by the next call, and what it did not take is tried again then.</summary>
    public void Flush()
    {
        HandOver();
        output.ThrowIfFailed();
    }

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        HandOver();
        var (rest, failure) = output.Close(options.CloseTimeout);
        if (rest > 0)
        {
            failures.Report("console", FailureSeverity.Final, $"{ConsoleOutput.CountOf(rest)} left out at the end: the console did not take {(rest == 1 ? "it" : "them")}.", failure);
        }
    }

    private void HandOver()
    {
        if (text.Entries == 0)
        {
            return;
        }

        if (!output.TryAdd(text.Written, text.Entries))
        {
            failures.Report("console", FailureSeverity.Permanent, "The console does not take what it is given: records are left out there until it has caught up.");
        }

        text.Clear();
    }
}

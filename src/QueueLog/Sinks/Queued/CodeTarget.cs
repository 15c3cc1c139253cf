using QueueLog.Records;

namespace QueueLog.Sinks.Queued;

/// <summary>Gives the records of a block to the user's code.</summary>
internal sealed class CodeTarget(SinkCodeSession code, SinkMetrics metrics) : ISinkTarget
{
    public bool HasCode => true;

    public bool WantsCaller => false;

    public bool WantsProperties => true;

    public long Lost => 0;

    public bool Write(ReadOnlySpan<byte> block, SinkQueue queue)
    {
        var records = RecordSelection.Read(block);
        if (code.Filter is { } filter)
        {
            var verdicts = filter.Judge(records, metrics);
            LogRecord[] wanted = [.. records.Where((_, index) => verdicts[index])];
            metrics.Filter(records.Count - wanted.Length);
            code.Consumer!.Consume(wanted, metrics);
        }
        else
        {
            code.Consumer!.Consume(records, metrics);
        }

        return true;
    }

    public void Drain(SinkQueue queue)
    {
    }

    public void Stop() => code.Stop?.Invoke();

    public void Dispose() => code.End?.Invoke();
}

using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Sinks.Queued;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>What the listener itself has to say in its log.</summary>
/// <param name="batch">Gets the records.</param>
/// <param name="host">What this machine is called in the log of several; null where the log is this machine's.</param>
internal sealed class ListenerEvents(BatchWriter batch, string? host = null)
{
    private readonly ClientIdentity self = new(Environment.ProcessId, ProcessContext.Identity.Name, ProcessContext.Identity.Worker);
    private long sequence;

    public void Recovered(long count) =>
        Write(LogLevel.Warning, "{Count} records left by an earlier listener were recovered", count);

    public void Vanished(RecordSource source, string? end)
    {
        var client = source.Client;
        Write(
            LogLevel.Error,
            end is null
                ? "{Client} (pid {ClientPid}) ended without a goodbye; its last record was number {LastSequence}, and {Recovered} were recovered from its journal"
                : "{Client} (pid {ClientPid}) ended without a goodbye; its last record was number {LastSequence}, and {Recovered} were recovered from its journal; it ended by {End}",
            NameOf(client),
            client.Pid,
            source.LastSequence,
            source.Recovered,
            end);
    }

    public void Missing(RecordSource source, long count) =>
        Write(LogLevel.Error, "{Count} records of {Client} (pid {ClientPid}) are missing before its number {LastSequence}", count, NameOf(source.Client), source.Client.Pid, source.LastSequence);

    public void Repeated(RecordSource source, long count) =>
        Write(LogLevel.Error, "{Count} records of {Client} (pid {ClientPid}) were duplicates (sequence ≤ {LastSequence})", count, NameOf(source.Client), source.Client.Pid, source.LastSequence);

    public void Lost(RecordSource source, long count) =>
        Write(LogLevel.Error, "{Count} records of {Client} (pid {ClientPid}) are not in the log: no listener took them in time", count, NameOf(source.Client), source.Client.Pid);

    public void Dropped(RecordSource source, long count) =>
        Write(LogLevel.Warning, "{Count} records of {Client} (pid {ClientPid}) were left out because the log was behind", count, NameOf(source.Client), source.Client.Pid);

    public void Limited(RecordLimit limit, string like, long count, LogLevel highest)
    {
        // Never below what was left out: where that was wanted, so is this.
        var level = highest > LogLevel.Warning ? highest : LogLevel.Warning;
        if (limit.By == LimitBy.Template)
        {
            Write(level, "{Count} records like '{Like}' were left out: more than {Limit} came within a second", count, like, limit.PerSecond);
        }
        else if (like.Length > 0)
        {
            Write(level, "{Count} records of category '{OfCategory}' were left out: more than {Limit} came within a second", count, like, limit.PerSecond);
        }
        else
        {
            Write(level, "{Count} records without a category were left out: more than {Limit} came within a second", count, limit.PerSecond);
        }
    }

    public void Unreadable(string reason) =>
        Write(LogLevel.Error, "A journal left by an earlier listener cannot be read: {Reason}", reason);

    public void Unreadable(RecordSource source, string reason) =>
        Write(LogLevel.Error, "The journal of {Client} (pid {ClientPid}) cannot be read beyond its number {LastSequence}: {Reason}", NameOf(source.Client), source.Client.Pid, source.LastSequence, reason);

    public void FeedGap(string host, long position) =>
        Write(LogLevel.Error, "Records of host {Host} are missing: the queue has lost what was before position {Position} of its spool", host, position);

    public void FeedUnreadable(string host, string reason) =>
        Write(LogLevel.Error, "Records of host {Host} cannot be read: {Reason}", host, reason);

    public void HostMissing(string host, long sinceUtcTicks) =>
        Write(LogLevel.Error, "The log of host {Host} is missing since {Since}", host, new DateTimeOffset(sinceUtcTicks, TimeSpan.Zero).ToLocalTime());

    public void SinkTrouble(string sink, SinkEvent sinkEvent)
    {
        if (sinkEvent.Failure is not null)
        {
            Write(LogLevel.Error, "Sink {Sink}: {Reason}", sink, sinkEvent.Failure);
        }
        else
        {
            Write(
                LogLevel.Warning,
                sinkEvent.IsAtEnd
                    ? "{Count} records were left out of sink {Sink}, which did not take them before the listener ended"
                    : "{Count} records were left out of sink {Sink}, which was behind and has caught up",
                sinkEvent.Lost,
                sink);
        }
    }

    // As the records of the client are called.
    private string NameOf(ClientIdentity client) => host is null ? client.Process : $"{client.Process}@{host}";

    private void Write(LogLevel level, string message, params object?[] arguments)
    {
        var record = RecordEncoder.Encode(new RecordDraft { Level = level, Message = message, Arguments = arguments, Category = ListenerEntry.Category }, LocalClock.Default);
        RecordCodec.SetSequence(record.WrittenSpan(0), ++sequence);
        var bytes = record.Written;
        if (RecordCodec.TryRead(ref bytes, self, out var view))
        {
            batch.Add(in view, record.Length, null, default);
        }
    }
}

using System.Diagnostics;
using QueueLog.Client;
using QueueLog.Pool.Processes;
using QueueLog.Records;
using QueueLog.Transport;

namespace QueueLog.Pool.Child;

/// <summary>
/// What a worker writes to the log beside what its items log themselves: their streams, and how they begin and end. Never
/// fails the item: without a listener it does nothing.
/// </summary>
internal sealed class WorkerLog
{
    // Looking for a listener that is gone takes a little of the item's time, so it is done ever more rarely.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(16);

    private string? address;
    private bool captures;
    private bool showsStreams;
    private TimeSpan pause = FirstPause;
    private long missedAt;
    private (string Message, ExceptionInfo? Exception, string Input)? failure;

    public bool HasListener => address is not null;

    /// <summary>Whether a record is to say which place wrote it.</summary>
    public bool WantsCaller => address is not null && ClientRegistry.Get(address) is { WantsCaller: true };

    /// <summary>Begins with a definition: it says whether streams are logged.</summary>
    public void Begin(WorkDefinition definition)
    {
        captures = !definition.NoCapture;
        showsStreams = definition.ShowsStreams;
        FindListener();
    }

    /// <summary>Takes the listener of the environment, which an initialization may have changed.</summary>
    public void FindListener() => address = ClientRegistry.DefaultAddress;

    /// <summary>Whether a stream's record of this level would be written: worth asking before its text is made.</summary>
    public bool LogsStream(LogLevel level) => captures && Find(level) is not null;

    /// <summary>Writes a record of a stream. Its message is plain text.</summary>
    /// <param name="level">Its level.</param>
    /// <param name="category">Which stream.</param>
    /// <param name="message">The text.</param>
    /// <param name="exception">What an error reports.</param>
    /// <param name="caller">Script and line.</param>
    /// <param name="isShown">Whether a session shows what comes by that stream, where it shows streams.</param>
    public void WriteStream(LogLevel level, string category, string message, ExceptionInfo? exception, string? caller, bool isShown)
    {
        if (captures)
        {
            Write(new RecordDraft { Level = level, Message = message, Category = category, Exception = exception, Caller = caller, IsInStreams = isShown && showsStreams });
        }
    }

    public void ItemStarted(long item)
    {
        failure = null;
        if (Find(LogLevel.Debug) is not null)
        {
            Write(new RecordDraft { Level = LogLevel.Debug, Message = ItemTexts.Started, Arguments = new object?[] { item }, Category = PoolLog.PoolCategory });
        }
    }

    /// <summary>Takes note of what fails the item; of the first such error <see cref="ItemEnded"/> tells.</summary>
    /// <param name="message">The error.</param>
    /// <param name="exception">Its exception, where no record of the error stream has it.</param>
    /// <param name="input">Gives the text of the item's input; asked for the first error alone.</param>
    public void ItemFailed(string message, ExceptionInfo? exception, Func<string> input) => failure ??= address is null ? null : (message, exception, input());

    /// <param name="item">The item.</param>
    /// <param name="startedAt">When it began, in ticks of the monotonic clock.</param>
    /// <param name="outcome">How it ended.</param>
    public void ItemEnded(long item, long startedAt, ItemOutcome outcome)
    {
        var why = outcome == ItemOutcome.Failed ? failure : null;
        var level = why is null ? LogLevel.Debug : LogLevel.Warning;
        if (Find(level) is null)
        {
            return;
        }

        var milliseconds = Math.Round(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds, 1);
        if (why is var (message, exception, input))
        {
            Find(level)?.HandOverHeld();
            Write(new RecordDraft { Level = level, Message = ItemTexts.Failed, Arguments = new object?[] { item, input, milliseconds, message }, Category = PoolLog.PoolCategory, Exception = exception, IsInStreams = showsStreams });
        }
        else
        {
            var ending = outcome == ItemOutcome.Stopped ? ItemTexts.Stopped : ItemTexts.Completed;
            Write(new RecordDraft { Level = level, Message = ending, Arguments = new object?[] { item, milliseconds }, Category = PoolLog.PoolCategory });
        }
    }

    public void ItemGivenUp(long item)
    {
        if (Find(LogLevel.Debug) is not null)
        {
            Write(new RecordDraft { Level = LogLevel.Debug, Message = "item {Item} was given up", Arguments = new object?[] { item }, Category = PoolLog.PoolCategory });
        }
    }

    private void Write(scoped in RecordDraft draft)
    {
        if (Find(draft.Level)?.Write(draft) == WriteResult.NoListener)
        {
            ClientRegistry.CountLost(address, draft.Level);
        }
    }

    /// <summary>The client, if there is one and its listener wants the level. Where there is none, the record it is asked for counts as lost.</summary>
    private LogClient? Find(LogLevel level)
    {
        if (FindAny() is { } client)
        {
            return level >= client.MinimumLevel ? client : null;
        }

        ClientRegistry.CountLost(address, level);
        return null;
    }

    private LogClient? FindAny()
    {
        if (address is null || (missedAt != 0 && Stopwatch.GetElapsedTime(missedAt) < pause))
        {
            return null;
        }

        // Once it was not there, it is only looked for, and not waited for.
        if ((missedAt != 0 && !PipeConnector.IsAnswering(address)) || ClientRegistry.Get(address) is not { } client)
        {
            pause = missedAt == 0 ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            missedAt = Stopwatch.GetTimestamp();
            return null;
        }

        missedAt = 0;
        return client;
    }
}

using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Sinks.Queued;

/// <summary>Makes the sinks that users describe.</summary>
internal static class QueuedSinkFactory
{
    private const int ConsoleCapacity = 1024 * 1024;
    private static readonly TimeSpan ConsoleCloseTimeout = TimeSpan.FromSeconds(2);

    /// <param name="described">What is wanted.</param>
    /// <param name="name">What it is called among the listener's sinks.</param>
    /// <param name="formatter">Writes its entries; null where it writes no text.</param>
    /// <param name="locks">Who may write which file.</param>
    /// <param name="failures">Told of its troubles.</param>
    /// <param name="colour">Whether a console is coloured.</param>
    /// <param name="screen">The screen of the session, for a console; null for standard error.</param>
    /// <exception cref="LogFileException">Its file cannot be written, or another listener writes it.</exception>
    public static QueuedSink Create(LogSink described, string name, IRecordFormatter? formatter, FileLockScope locks, FailureLog failures, bool colour = false, Stream? screen = null)
    {
        var room = RoomOf(described.Kind, described.QueueSize);
        var metrics = new SinkMetrics(name, failures);
        var code = described.OpenCode?.Invoke();
        try
        {
            ISinkTarget target = formatter is null ? new CodeTarget(code!, metrics)
                : new TextTarget(described.File is { } file ? FileSinkFactory.Create(file, formatter, locks, failures) : CreateConsole(formatter, colour, screen), code, metrics);
            return new QueuedSink(described.Kind, target, room, metrics) { Address = locks.PipeAddress };
        }
        catch
        {
            code?.End?.Invoke();
            throw;
        }
    }

    /// <summary>Makes the console of the listener itself. What is left out there it says there, and not in the log.</summary>
    /// <param name="formatter">Writes its entries.</param>
    /// <param name="failures">Told of its troubles.</param>
    /// <param name="colour">Whether it is coloured.</param>
    /// <param name="screen">The screen of the session; null for standard error.</param>
    public static QueuedSink CreateConsole(IRecordFormatter formatter, FailureLog failures, bool colour, Stream? screen)
    {
        var metrics = new SinkMetrics("console", failures);
        var room = RoomOf(SinkKind.Console, ConsoleCapacity) with { IsTimeoutPerWait = true };
        return new QueuedSink(SinkKind.Console, new TextTarget(CreateConsole(formatter, colour, screen), code: null, metrics), room, metrics) { ReportsToLog = false };
    }

    /// <summary>The names that are told apart in reports: where one comes again it gets a number.</summary>
    public static string[] NamesOf(IReadOnlyList<LogSink> sinks)
    {
        var names = new string[sinks.Count];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = sinks[i].Name;
            for (var number = 2; Array.IndexOf(names, names[i], 0, i) >= 0; number++)
            {
                names[i] = $"{sinks[i].Name}-{number}";
            }
        }

        return names;
    }

    private static SinkQueueOptions RoomOf(SinkKind kind, int capacity) => new()
    {
        ThreadName = $"QueueLog {kind}",
        Capacity = capacity,

        // Nobody may ever read a console, and an end is not to wait for that.
        CloseTimeout = kind == SinkKind.Console ? ConsoleCloseTimeout : TimeSpan.MaxValue,
    };

    private static ConsoleWriter CreateConsole(IRecordFormatter formatter, bool colour, Stream? screen) =>
        new(formatter, colour && formatter is not TemplateFormatter, screen ?? StandardError.Open(), sharesScreen: screen is not null);
}

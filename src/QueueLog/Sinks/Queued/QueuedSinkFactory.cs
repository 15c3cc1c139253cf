using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Sinks.Queued;

/// <summary>Makes the sinks that users describe.</summary>
internal static class QueuedSinkFactory
{
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
        var room = new SinkQueueOptions { ThreadName = $"QueueLog {described.Kind}", Capacity = described.QueueSize };
        if (described.Kind == SinkKind.Console)
        {
            // Nobody may ever read it, and an end is not to wait for that.
            room = room with { CloseTimeout = new ConsoleSinkOptions().CloseTimeout };
        }

        var code = described.OpenCode?.Invoke();
        try
        {
            ISinkTarget target = formatter is null ? new CodeTarget(code!) : new TextTarget(CreateText(described, formatter, locks, failures, colour, screen), code);
            return new QueuedSink(name, described.Kind, target, room, failures) { Address = locks.PipeAddress };
        }
        catch
        {
            code?.End?.Invoke();
            throw;
        }
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

    private static IRecordSink CreateText(LogSink described, IRecordFormatter formatter, FileLockScope locks, FailureLog failures, bool colour, Stream? screen) => described.File is { } file
        ? FileSinkFactory.Create(file, formatter, locks, failures)
        : new ConsoleWriter(formatter, colour && formatter is not TemplateFormatter, screen ?? StandardError.Open(), sharesScreen: screen is not null);
}

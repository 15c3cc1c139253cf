using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Transport;

namespace QueueLog.Tests.Support;

/// <summary>Listeners with a file of bare messages.</summary>
internal static class TestListener
{
    /// <summary>Locks of files taken by no listener's sink.</summary>
    public static FileLockScope Locks => new(StateFolder.Ensure(), "test");

    /// <summary>As a user's is started.</summary>
    public static Task<LogListener> StartAsync(string path) => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = NewName(),
        File = new RollingFileOptions { Path = path },
        Template = "{Message}",
        NoHeader = true,
        MinimumLevel = LogLevel.Trace,
    });

    /// <summary>With what no user can choose.</summary>
    /// <param name="path">The file.</param>
    /// <param name="change">Changes the options.</param>
    /// <param name="others">Sinks beside the file; they come before it.</param>
    public static LogListener Start(string path, Func<ListenerOptions, ListenerOptions> change, params IRecordSink[] others) =>
        Start(path, change, (parts, _) => parts, others);

    /// <summary>With sinks, say, that report failures.</summary>
    public static LogListener Start(string path, Func<ListenerOptions, ListenerOptions> change, Func<ListenerParts, FailureLog, ListenerParts> changeParts, params IRecordSink[] others)
    {
        var failures = new FailureLog();
        var acceptor = PipeAcceptor.Open(PipeName.ToAddress(NewName()));
        var journals = OrphanedJournals.Claim(RealPath.Of(path), Locks, failures);
        var file = FileSinkFactory.Create(new RollingFileOptions { Path = path }, RecordFormat.Create(LogFormat.Text, "{Message}", withHeader: false), Locks with { PipeAddress = acceptor.Address }, failures);
        var parts = new ListenerParts
        {
            Name = "test",
            LogPath = path,
            Sinks = [.. others.Select(sink => Guard(sink, sink.GetType().Name)), Guard(file, path)],
            Journals = journals.Folders,
            LeftRings = journals.Rings,
            UnreadableRings = journals.Unreadable,
        };
        journals.Folders[0].Announce(acceptor.Address);
        return LogListener.Start(acceptor, change(new ListenerOptions { MinimumLevel = LogLevel.Trace }), changeParts(parts, failures), failures);

        SinkGuard Guard(IRecordSink sink, string name) => new(sink, name, LogLevel.Trace, failures);
    }

    public static string NewName() => $"test-{Guid.NewGuid():N}";
}

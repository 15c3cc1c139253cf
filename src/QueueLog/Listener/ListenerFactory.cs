using System.Globalization;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.Queued;
using QueueLog.Sinks.RollingFile;
using QueueLog.Sinks.Spool;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Starts a listener with the sinks a user asked for, or not at all: on an exception nothing is left behind.</summary>
internal static class ListenerFactory
{
    // What a predecessor left is written before a start returns, unless the disk is full.
    private static readonly TimeSpan RecoveryTimeout = TimeSpan.FromSeconds(10);

    /// <exception cref="PipeNameException">The name cannot be used.</exception>
    /// <exception cref="ListenerNameInUseException">Another listener has it.</exception>
    /// <exception cref="TemplateException">A template, or a token in the path, is wrong.</exception>
    /// <exception cref="LogFileException">The file cannot be written, or another listener writes it.</exception>
    /// <exception cref="UnauthorizedAccessException">The state folder is not the user's own.</exception>
    /// <exception cref="IOException">The state folder or the pipe cannot be created.</exception>
    public static async Task<LogListener> StartAsync(ListenerOptions options)
    {
        var stateFolder = StateFolder.Ensure();
        var name = options.Name ?? DefaultName(options.File?.Path);
        var address = PipeName.ToAddress(name);

        // Templates first: a wrong one must not cost an existing log its content when it is to be overwritten. Then the name,
        // for the same reason; the file last.
        var fileFormatter = RecordFormat.Create(options.Format, options.Template, !options.NoHeader);
        var colour = options.Colour ?? ConsoleColours.AreWanted();
        var consoleFormatter = new TemplateFormatter(options.ConsoleTemplate ?? options.Template, colour);
        var formatters = options.Sinks.Select(sink => FormatterOf(sink, options, colour)).ToArray();
        LogNames.Check(options.Sinks.Select(sink => sink.File).Prepend(options.File).OfType<RollingFileOptions>().Select(file => file.Path));
        var acceptor = await ClaimAsync(name, address).ConfigureAwait(false);
        OrphanedJournals? journals = null;
        var sinks = new List<SinkGuard>();
        try
        {
            var failures = new FailureLog();
            var locks = new FileLockScope(stateFolder, address);
            var logPath = LogPathOf(options.File?.Path);
            if (options.File is { } log)
            {
                // Before the file is opened: it may have to be cut back to where the last whole batch ends.
                LogFolder.Create(System.IO.Path.GetFullPath(logPath!));
                journals = OrphanedJournals.Claim(RealPath.Of(logPath!), locks, failures, isShared: new TokenPath(log.Path).HasTokens);
            }

            if (options.Spool is { } spool)
            {
                journals = OrphanedJournals.Claim(RealPath.Of(spool.Folder), locks, failures, isShared: false);
                sinks.Add(new SinkGuard(new SpoolSink(spool, locks), spool.Folder, options.MinimumLevel, failures));
            }

            // Before the log: what is wrong with one of them must not cost it its content either.
            var names = QueuedSinkFactory.NamesOf(options.Sinks);
            for (var i = 0; i < formatters.Length; i++)
            {
                var described = options.Sinks[i];
                var sink = QueuedSinkFactory.Create(described, names[i], formatters[i], locks, failures, colour, options.Screen);
                sinks.Add(new SinkGuard(sink, names[i], described.MinimumLevel ?? options.MinimumLevel, failures, keepsRecords: false)
                {
                    HasOwnLevel = described.MinimumLevel is not null,
                });
            }

            if (options.File is { } file)
            {
                var sink = FileSinkFactory.Create(file, fileFormatter, locks, failures);
                sinks.Insert(0, new SinkGuard(sink, file.Path, options.MinimumLevel, failures));
            }

            SinkGuard? console = null;
            if (options.Console)
            {
                var sink = QueuedSinkFactory.CreateConsole(consoleFormatter, failures, colour, options.Screen);
                console = new SinkGuard(sink, sink.Name, options.ConsoleMinimumLevel ?? options.MinimumLevel, failures, keepsRecords: false)
                {
                    HasOwnLevel = options.ConsoleMinimumLevel is not null,
                };
                sinks.Insert(options.File is null ? 0 : 1, console);
            }

            var parts = new ListenerParts
            {
                Name = name,
                LogPath = logPath,
                Sinks = sinks,
                ConsoleSink = console,
                Journals = journals?.Folders ?? [],
                LeftRings = journals?.Rings ?? [],
                UnreadableRings = journals?.Unreadable ?? [],
                Feeds = FeedPositions.Load(journals?.Folders ?? []),
            };
            journals?.Folders[0].Announce(address);
            var listener = LogListener.Start(acceptor, options, parts, failures);
            await Task.WhenAny(listener.Recovered, Task.Delay(RecoveryTimeout)).ConfigureAwait(false);
            return listener;
        }
        catch
        {
            sinks.ForEach(sink => sink.Dispose());
            journals?.Dispose();
            await acceptor.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Without tokens it is the path of a file, and its braces are single.
    private static string? LogPathOf(string? path) =>
        path is not null && path.AsSpan().ContainsAny('{', '}') && new TokenPath(path) is { HasTokens: false } plain ? plain.Start : path;

    /// <returns>Null for a sink that writes no text.</returns>
    private static IRecordFormatter? FormatterOf(LogSink sink, ListenerOptions options, bool colour)
    {
        // A template of its own means Text, and so does a console.
        var format = sink.Format ?? (sink.Kind == SinkKind.File && sink.Template is null ? options.Format : LogFormat.Text);
        return sink.Kind is SinkKind.File or SinkKind.Console
            ? RecordFormat.Create(format, sink.Template ?? options.Template, !sink.NoHeader && !options.NoHeader, isReadBack: sink.Kind == SinkKind.File, isColoured: colour && sink.Kind == SinkKind.Console)
            : null;
    }

    private static async Task<PipeAcceptor> ClaimAsync(string name, string address)
    {
        try
        {
            return PipeAcceptor.Open(address);
        }
        catch (PipeInUseException e)
        {
            throw new ListenerNameInUseException(name, await AskAsync(address).ConfigureAwait(false), e);
        }
    }

    private static async Task<ListenerIdentity?> AskAsync(string address)
    {
        try
        {
            var (connection, owner) = await ListenerGreeting.ExchangeAsync(address, TimeSpan.FromSeconds(1), onConnected: null, CancellationToken.None).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
            return owner;
        }
        catch (Exception e) when (e is IOException or TimeoutException or UnauthorizedAccessException or ProtocolException)
        {
            return null;
        }
    }

    private static string DefaultName(string? path)
    {
        const int Longest = 20;
        var stem = new string([.. (System.IO.Path.GetFileNameWithoutExtension(path) ?? "").Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.').Take(Longest)]);
        return string.Create(CultureInfo.InvariantCulture, $"{(stem.Length == 0 ? "log" : stem)}-{Environment.ProcessId}-{Random.Shared.Next(0x10000):x4}");
    }
}

/// <summary>Another listener has the name.</summary>
internal sealed class ListenerNameInUseException(string name, ListenerIdentity? owner, Exception inner)
    : IOException($"The listener name '{name}' is in use.", inner)
{
    public string Name { get; } = name;

    /// <summary>Who has it; null when it did not say.</summary>
    public ListenerIdentity? Owner { get; } = owner;
}

using System.Globalization;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Starts a listener with the sinks a user asked for, or not at all: on an exception nothing is left behind.</summary>
internal static class ListenerFactory
{
    // What a predecessor left is written before a start returns, unless the disk is full.
    private static readonly TimeSpan RecoveryPatience = TimeSpan.FromSeconds(10);

    /// <exception cref="PipeNameException">The name cannot be used.</exception>
    /// <exception cref="ListenerNameInUseException">Another listener has it.</exception>
    /// <exception cref="TemplateException">A template, or a token in the path, is wrong.</exception>
    /// <exception cref="LogFileException">The file cannot be written, or another listener writes it.</exception>
    /// <exception cref="UnauthorizedAccessException">The state folder is not the user's own.</exception>
    /// <exception cref="IOException">The state folder or the pipe cannot be created.</exception>
    public static async Task<LogListener> StartAsync(ListenerSettings settings)
    {
        var stateFolder = StateFolder.Ensure();
        var name = settings.Name ?? DefaultName(settings.File?.Path);
        var address = PipeName.ToAddress(name);

        // Templates first: a wrong one must not cost an existing log its content when it is to be overwritten. Then the name,
        // for the same reason; the file last.
        var fileFormatter = new TemplateFormatter(settings.Template);
        var consoleFormatter = new TemplateFormatter(settings.ConsoleTemplate ?? settings.Template);
        var acceptor = await ClaimAsync(name, address).ConfigureAwait(false);
        LeftJournals? journals = null;
        try
        {
            var failures = new FailureLog();
            var logPath = LogPathOf(settings.File?.Path);
            if (settings.File is { } log)
            {
                // Before the file is opened: it may have to be cut back to where the last whole batch ends.
                LogFile.CreateFolder(System.IO.Path.GetFullPath(logPath!));
                journals = LeftJournals.Take(RealPath.Of(logPath!), failures);
            }

            var sinks = new List<SinkGuard>();
            if (settings.File is { } file)
            {
                var sink = FileSinkFactory.Create(file, fileFormatter, new FileLockScope(stateFolder, address), failures);
                sinks.Add(new SinkGuard(sink, file.Path, settings.MinimumLevel, failures));
            }

            var consoleLevel = settings.ConsoleMinimumLevel ?? settings.MinimumLevel;
            if (settings.Console)
            {
                var sink = new ConsoleSink(consoleFormatter, new ConsoleSinkOptions { Colour = ConsoleColours.AreWanted() }, failures);
                sinks.Add(new SinkGuard(sink, "console", consoleLevel, failures, keepsRecords: false));
            }

            var options = new ListenerOptions
            {
                Name = name,
                LogPath = logPath,
                Sinks = sinks,
                MinimumLevel = LowestOf(settings, consoleLevel),
                Journals = journals?.Folders ?? [],
                LeftRings = journals?.Rings ?? [],
                UnreadableRings = journals?.Unreadable ?? [],
                Overflow = settings.Overflow,
                KeepFrom = settings.OverflowLevel,
                Durable = settings.Durable,
                SyncLevel = settings.SyncLevel,
            };
            journals?.Folders[0].Announce(address);
            var listener = LogListener.Start(acceptor, options, failures);
            await Task.WhenAny(listener.Recovered, Task.Delay(RecoveryPatience)).ConfigureAwait(false);
            return listener;
        }
        catch
        {
            journals?.Dispose();
            await acceptor.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Without tokens it is the path of a file, and its braces are single.
    private static string? LogPathOf(string? path) =>
        path is not null && path.AsSpan().ContainsAny('{', '}') && new TokenPath(path) is { HasTokens: false } plain ? plain.Start : path;

    private static LogLevel LowestOf(ListenerSettings settings, LogLevel consoleLevel) =>
        !settings.Console || (settings.File is not null && settings.MinimumLevel < consoleLevel) ? settings.MinimumLevel : consoleLevel;

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
            var (connection, owner) = await ListenerGreeting.ExchangeAsync(address, TimeSpan.FromSeconds(1), CancellationToken.None).ConfigureAwait(false);
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

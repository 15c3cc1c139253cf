using QueueLog.Diagnostics;
using QueueLog.Formatting;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Opens the right sink for a path, or fails at once with what is wrong with it.</summary>
internal static class FileSinkFactory
{
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="TemplateException">The path has an unknown token or a lone brace.</exception>
    /// <exception cref="LogFileException">The file cannot be written, or (<see cref="LogFileInUseException"/>) has another owner.</exception>
    public static IFileSink Create(RollingFileOptions options, IRecordFormatter formatter, FileLockScope locks, FailureLog failures)
    {
        if (!options.Path.AsSpan().ContainsAny('{', '}'))
        {
            return new RollingFileSink(options, formatter, locks, failures);
        }

        var path = new TokenPath(options.Path);
        return path.HasTokens
            ? new TokenFileSink(options, formatter, locks, failures)
            : new RollingFileSink(options with { Path = path.Start }, formatter, locks, failures);
    }
}

using System.Globalization;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Who holds the lock on a log file.</summary>
// owner file = pid LF process LF pipe LF path LF, in UTF-8
internal sealed record LogFileOwner(int Pid, string Process, string Pipe, string Path)
{
    public static LogFileOwner? Parse(string text) =>
        text.Split('\n') is [var pid, var process, var pipe, var path, ..]
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new LogFileOwner(number, process, pipe, path)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pid}\n{Process}\n{Pipe}\n{Path}\n");
}

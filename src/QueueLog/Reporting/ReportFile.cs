using System.IO.Compression;
using QueueLog.Native;
using QueueLog.Reading.Files;
using QueueLog.Reporting.Page;
using QueueLog.Reporting.Trace;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Reporting;

/// <summary>Writes a report to a file: whole, or not at all.</summary>
internal static class ReportFile
{
    private const int BufferLength = 256 * 1024;

    /// <param name="path">Full path; what ends in .gz is compressed.</param>
    /// <param name="report">What is written.</param>
    /// <param name="format">As what.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, RunReport report, ReportFormat format)
    {
        if (WhyNot(path, report.Sources.Select(source => source.Path)) is { } reason)
        {
            throw new IOException(reason);
        }

        // Nobody else knows the name, and has laid a link there.
        var unfinished = $"{path}.{Path.GetRandomFileName()}.tmp";
        var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferLength);
        try
        {
            using (file)
            using (var stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal) : (Stream)file)
            {
                Write(stream, report, format);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            TryDelete(unfinished);
            throw;
        }
    }

    /// <summary>Why a report must not be written to a path.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="inputs">Full paths of the logs and job logs that it is made from.</param>
    /// <returns>Null if it may.</returns>
    public static string? WhyNot(string path, IEnumerable<string> inputs) =>
        IsDevice(path) ? "It is a device or a pipe, which a file would replace."
        : inputs.Any(input => IsOf(input, path)) ? "It is one of the files to be read."
        : null;

    private static bool IsDevice(string path) => OperatingSystem.IsWindows()
        ? Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal)
        : FileStatus.Of(path) is { IsRegular: false };

    // Old files of a log too, and those it may yet have.
    private static bool IsOf(string input, string path)
    {
        var log = LogFileSet.Target(input);
        var folder = Path.GetDirectoryName(log)!;
        var identity = FileIdentity.Of(path);
        return (string.Equals(folder, Path.GetDirectoryName(path), RollingPath.NameComparison) && (LogName.Parse(Path.GetFileName(log), Path.GetFileName(path)) ?? LogName.ParseDated(Path.GetFileName(log), Path.GetFileName(path))) is not null)
            || (identity is not null && LogFileSet.Names(log).Any(name => FileIdentity.Of(Path.Combine(folder, name.Name)) == identity));
    }

    private static void Write(Stream stream, RunReport report, ReportFormat format)
    {
        if (format == ReportFormat.ChromeTrace)
        {
            new ChromeTrace(report).Write(stream);
        }
        else
        {
            PageWriter.Write(report, stream);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What kept it from being written keeps it there, and has been told.
        }
    }
}

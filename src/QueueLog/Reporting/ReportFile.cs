using System.IO.Compression;
using QueueLog.Reporting.Page;
using QueueLog.Reporting.Trace;

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
        var unfinished = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, BufferLength))
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

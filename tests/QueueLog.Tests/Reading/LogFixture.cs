using System.Globalization;
using System.IO.Compression;
using System.Text;
using QueueLog.Reading;
using QueueLog.Reading.Formats;

namespace QueueLog.Tests.Reading;

/// <summary>Makes log files, and reads logs as the command does.</summary>
internal static class LogFixture
{
    /// <summary>Zone of all times without an offset in these tests.</summary>
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(2), "test", "test");

    public static readonly DateTimeOffset Start = new(2026, 3, 4, 15, 0, 0, TimeSpan.FromHours(2));

    /// <summary>For a file whose last write was at a local time of that zone.</summary>
    public static TimePlacer Placer(DateTime latest) => new(Zone, new LastWrite(latest));

    public static LogEntry[] Read(string path, LogQuery? query = null, List<ReadProblem>? problems = null) =>
        [.. new LogReader(Query(query, problems)).Read(path)];

    public static string[] Messages(string path, LogQuery? query = null) => [.. Read(path, query).Select(entry => entry.Message)];

    public static LogQuery Query(LogQuery? query = null, List<ReadProblem>? problems = null) =>
        (query ?? new LogQuery()) with { Zone = Zone, Report = problems is null ? Fail : problems.Add };

    /// <summary>A line in the default template, so many milliseconds after the start.</summary>
    public static string Line(int milliseconds, string message) =>
        string.Create(CultureInfo.InvariantCulture, $"{Start.AddMilliseconds(milliseconds):yyyy-MM-dd HH:mm:ss,fff} Worker-1   Information {message}\n");

    public static string Lines(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(number => Line(number, $"record {number}")));

    public static IEnumerable<string> Records(int first, int count) => Enumerable.Range(first, count).Select(number => $"record {number}");

    public static byte[] Compress(string text) => Compress(Encoding.UTF8.GetBytes(text));

    public static byte[] Compress(byte[] bytes)
    {
        var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static void Fail(ReadProblem problem) => Assert.Fail($"{problem.Fault} {problem.Path}: {problem.Cause}");
}

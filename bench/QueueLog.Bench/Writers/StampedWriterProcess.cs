using System.Diagnostics;
using System.Globalization;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Writers;

/// <summary>
/// This program as a writer that pauses before each record and afterwards prints when it wrote each, one a line:
/// <c>stamped-writer KIND TARGET NAME RECORDS</c>. The clock of <see cref="Stopwatch"/> is the machine's, not the process's.
/// </summary>
internal static class StampedWriterProcess
{
    public const string Verb = "stamped-writer";

    // Long enough that whatever a record before this one set in motion has come to rest.
    private const int ShortestPause = 5;
    private const int LongestPause = 45;

    /// <summary>How to start this program again as such a writer.</summary>
    public static ProcessStartInfo Start(string kind, string target, int records) =>
        SelfProcess.Start(Verb, kind, target, "Writer-1", records.ToString(CultureInfo.InvariantCulture));

    public static int Run(ReadOnlySpan<string> arguments)
    {
        var moments = new long[int.Parse(arguments[3], CultureInfo.InvariantCulture)];
        using var writer = RecordWriter.Create(arguments[0], arguments[1], arguments[2]);
        Console.WriteLine("ready");
        Console.ReadLine();
        for (var i = 0; i < moments.Length; i++)
        {
            Thread.Sleep(Random.Shared.Next(ShortestPause, LongestPause + 1));
            moments[i] = Stopwatch.GetTimestamp();
            writer.Write(i + 1, moments.Length);
        }

        Array.ForEach(moments, Console.WriteLine);
        return 0;
    }
}

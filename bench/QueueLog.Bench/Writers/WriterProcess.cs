using System.Diagnostics;
using System.Globalization;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Writers;

/// <summary>This program as a writer process: <c>writer KIND TARGET NAME RECORDS</c>.</summary>
internal static class WriterProcess
{
    public const string Verb = "writer";

    /// <summary>How to start this program again as a writer.</summary>
    public static ProcessStartInfo Start(string kind, string target, int number, int records) =>
        SelfProcess.Start(Verb, kind, target, $"Writer-{number}", records.ToString(CultureInfo.InvariantCulture));

    public static int Run(ReadOnlySpan<string> arguments)
    {
        var records = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        using var writer = RecordWriter.Create(arguments[0], arguments[1], arguments[2]);
        Console.WriteLine("ready");
        Console.ReadLine();
        for (var number = 1; number <= records; number++)
        {
            writer.Write(number, records);
        }

        return 0;
    }
}

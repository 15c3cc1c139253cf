using System.Diagnostics;
using System.Globalization;

namespace QueueLog.Bench.Writers;

/// <summary>This program as a writer process: <c>writer KIND TARGET NAME RECORDS</c>.</summary>
internal static class WriterProcess
{
    public const string Verb = "writer";

    /// <summary>How to start this program again as a writer.</summary>
    public static ProcessStartInfo Start(string kind, string target, int number, int records)
    {
        string[] arguments = [Verb, kind, target, $"Writer-{number}", records.ToString(CultureInfo.InvariantCulture)];
        var self = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(self) == "dotnet"
            ? new ProcessStartInfo(self, [Environment.GetCommandLineArgs()[0], .. arguments])
            : new ProcessStartInfo(self, arguments);
    }

    public static int Run(ReadOnlySpan<string> arguments)
    {
        var (kind, target, name) = (arguments[0], arguments[1], arguments[2]);
        var records = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        using RecordWriter writer = kind switch
        {
            SerilogWriter.Kind => new SerilogWriter(target, name),
            QueueLogWriter.Kind => new QueueLogWriter(target, name),
            AppendWriter.Kind => new AppendWriter(target, name),
            _ => throw new ArgumentException($"Unknown kind of writer '{kind}'."),
        };
        Console.WriteLine("ready");
        Console.ReadLine();
        for (var number = 1; number <= records; number++)
        {
            writer.Write(number, records);
        }

        return 0;
    }
}

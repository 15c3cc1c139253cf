using BenchmarkDotNet.Running;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Fuzz;
using QueueLog.Bench.Ours;
using QueueLog.Bench.Processes;
using QueueLog.Bench.Soak;
using QueueLog.Bench.Writers;

const string Usage = $"""
    {CompareOptions.Usage}

    {SoakOptions.Usage}

    {FuzzOptions.Usage}

    micro [BenchmarkDotNet options]
    Parts, with their allocations.
    """;

switch (args)
{
    case ["--help" or "-h"] or ["compare" or "soak" or "fuzz", .., "--help" or "-h"]:
        Console.WriteLine(Usage);
        return 0;
    case ["compare", .. var rest]:
        return Comparison.Run(rest);
    case ["soak", .. var rest]:
        return SoakRun.Run(rest);
    case ["fuzz", .. var rest]:
        return FuzzRun.Run(rest);
    case [WriterProcess.Verb, .. { Length: 4 } rest]:
        return WriterProcess.Run(rest);
    case [StampedWriterProcess.Verb, .. { Length: 4 } rest]:
        return StampedWriterProcess.Run(rest);
    case [SoakWriterProcess.Verb, .. { Length: 3 } rest]:
        return SoakWriterProcess.Run(rest);
    case [ListenerProcess.Verb, .. { Length: 3 } rest]:
        return ListenerProcess.Run(rest);
    case ["micro", .. var rest]:
        // BenchmarkDotNet looks for the project from the current folder upwards, and leaves its reports there.
        Environment.CurrentDirectory = Tool.BenchFolder;
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

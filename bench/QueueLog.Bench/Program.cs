using BenchmarkDotNet.Running;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Ours;
using QueueLog.Bench.Processes;
using QueueLog.Bench.Writers;

switch (args)
{
    case ["compare", .. var rest]:
        return Comparison.Run(rest);
    case [WriterProcess.Verb, .. { Length: 4 } rest]:
        return WriterProcess.Run(rest);
    case [StampedWriterProcess.Verb, .. { Length: 4 } rest]:
        return StampedWriterProcess.Run(rest);
    case [ListenerProcess.Verb, .. { Length: 3 } rest]:
        return ListenerProcess.Run(rest);
    case ["micro", .. var rest]:
        // BenchmarkDotNet looks for the project from the current folder upwards, and leaves its reports there.
        Environment.CurrentDirectory = Tool.BenchFolder;
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest);
        return 0;
    default:
        Console.Error.WriteLine($"{CompareOptions.Usage}\n\nmicro [BenchmarkDotNet options]");
        return 2;
}

using System.Diagnostics;
using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Peers;

/// <summary>
/// One engine for one small command, from its start to its end. That is less than until a script file of it runs, which is
/// what <see cref="BareEngines"/> must wait for to see that all of them stand.
/// </summary>
internal sealed class BareCommand(Contest contest, Tool engine) : Contender(contest, $"bare {engine.Name} -Command 1")
{
    public override string? Missing => engine.Missing;

    public override double Run()
    {
        var start = new ProcessStartInfo(engine.Path!, Tool.CommandArguments("1")) { RedirectStandardOutput = true };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        watch.Stop();
        return output.Trim() == "1" && process.ExitCode == 0
            ? watch.Elapsed.TotalMilliseconds
            : throw new WrongResultException($"exit code {process.ExitCode}, output '{output.Trim()}'");
    }
}

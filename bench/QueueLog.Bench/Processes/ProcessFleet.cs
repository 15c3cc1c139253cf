using System.Diagnostics;

namespace QueueLog.Bench.Processes;

/// <summary>Processes started at once that meet at a barrier: each prints "ready" and waits for "go" on its standard input.</summary>
internal sealed class ProcessFleet : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<Process> processes = [];
    private readonly CancellationTokenSource deadline = new(Patience);

    /// <param name="count">How many processes.</param>
    /// <param name="start">The start of process 1 to <paramref name="count"/>.</param>
    public ProcessFleet(int count, Func<int, ProcessStartInfo> start)
    {
        for (var number = 1; number <= count; number++)
        {
            var info = start(number);
            info.RedirectStandardInput = true;
            info.RedirectStandardOutput = true;
            processes.Add(Process.Start(info)!);
        }
    }

    public void WaitUntilReady()
    {
        foreach (var process in processes)
        {
            string? line;
            do
            {
                line = process.StandardOutput.ReadLineAsync(deadline.Token).AsTask().GetAwaiter().GetResult()
                    ?? throw new InvalidOperationException("A process ended before it was ready.");
            }
            while (line != "ready");
        }
    }

    public void Go()
    {
        foreach (var process in processes)
        {
            process.StandardInput.WriteLine("go");
            process.StandardInput.Flush();
        }
    }

    public void WaitForExit()
    {
        foreach (var process in processes)
        {
            process.WaitForExitAsync(deadline.Token).GetAwaiter().GetResult();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"A process ended with exit code {process.ExitCode}.");
            }
        }
    }

    public void Dispose()
    {
        foreach (var process in processes)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }

        deadline.Dispose();
    }
}

using System.Diagnostics;

namespace QueueLog.Bench.Processes;

/// <summary>Processes started at once that meet at a barrier: each prints "ready" and waits for "go" on its standard input.</summary>
internal sealed class ProcessFleet : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly List<Process> processes = [];
    private readonly CancellationTokenSource deadline;

    /// <param name="count">How many processes.</param>
    /// <param name="start">The start of process 1 to <paramref name="count"/>.</param>
    /// <param name="work">How long they are meant to work, on top of the three minutes that anything may take.</param>
    public ProcessFleet(int count, Func<int, ProcessStartInfo> start, TimeSpan work = default)
    {
        deadline = new CancellationTokenSource(Timeout + work);
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

    public void Go() => Send("go");

    /// <summary>Asks those that work until they are told otherwise to come to their end.</summary>
    public void Finish() => Send("finish");

    /// <summary>What each process has printed since it was ready; waits for the end of all.</summary>
    public IReadOnlyList<string[]> WaitForAnswers()
    {
        var answers = processes.ConvertAll(process => process.StandardOutput.ReadToEndAsync(deadline.Token));
        WaitForExit();
        return answers.ConvertAll(answer => answer.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
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

    private void Send(string word)
    {
        foreach (var process in processes)
        {
            process.StandardInput.WriteLine(word);
            process.StandardInput.Flush();
        }
    }
}

using System.Diagnostics;
using QueueLog.Bench.Ours;
using QueueLog.Bench.Processes;

namespace QueueLog.Bench.Soak;

/// <summary>Lets the writers log, watches the listener meanwhile, and says what came of it.</summary>
internal sealed class SoakRun(SoakOptions options)
{
    private const int FileSize = 16 * 1024 * 1024;
    private const double AllowedGrowth = 20;
    private const long NeededSpace = 2L * 1024 * 1024 * 1024;

    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(30);

    // Until the collector has run for the first time, the heap grows with every allocation: by as much as the largest cache holds,
    // 64 MB and more, which at the default rate is allocated in some minutes. Of a short run its first half.
    private readonly TimeSpan settled = TimeSpan.FromTicks(Math.Min(4 * TimeSpan.TicksPerMinute, options.Duration.Ticks / 2));

    public static int Run(ReadOnlySpan<string> arguments)
    {
        try
        {
            return new SoakRun(SoakOptions.Parse(arguments)).Run();
        }
        catch (ArgumentException exception)
        {
            Console.Error.WriteLine($"{exception.Message}\n\n{SoakOptions.Usage}");
            return 2;
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException or IOException)
        {
            Console.Error.WriteLine($"The run broke off: {exception.Message}");
            return 1;
        }
    }

    private int Run()
    {
        using var file = new RecordFile();
        using var listener = new ListenerProcess(file.Path, FileSize, maxFiles: int.MaxValue);
        using var fleet = new ProcessFleet(
            options.Writers,
            number => SoakWriterProcess.Start(listener.Address, number, (double)options.Rate / options.Writers),
            options.Duration);
        fleet.WaitUntilReady();
        fleet.Go();
        var memory = new MemoryTrace(listener.Process, settled);
        var lasted = Watch(file, listener, memory);
        fleet.Finish();
        var written = fleet.WaitForAnswers().Select(answer => int.Parse(answer[^1])).ToArray();
        var account = listener.Stop();
        var check = SoakCheck.Of(file.Path, written);

        var total = written.Sum(count => (long)count);
        var isRight = check.IsClean && account.Lost == 0 && account.Failures.Length == 0;
        var hasGrown = memory.Resident.Growth > AllowedGrowth;
        Console.WriteLine($"{options.Writers} writers, {lasted.TotalMinutes:N1} minutes, {(options.Rate == 0 ? "as fast as they can" : $"{options.Rate:N0} records/s wanted")}");
        Console.WriteLine($"written      {total:N0} records, {total / lasted.TotalSeconds:N0}/s");
        Console.WriteLine($"in {check.Files} {(check.Files == 1 ? "file " : "files")}   {check.Lines:N0} lines: {check.Missing:N0} missing, {check.Repeated:N0} repeated, {check.OutOfOrder:N0} out of order, {check.Broken:N0} broken");
        Console.WriteLine($"listener     received {account.Received:N0}, written {account.Written:N0}, lost {account.Lost:N0}, failures {account.Failures.Length}");
        Report("memory", memory.Resident);
        Report("  of its own", memory.Private);
        foreach (var line in check.BrokenLines.Concat(account.Failures))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine($"{(isRight ? "complete and in order" : "WRONG")}; {(hasGrown ? $"GROWN by more than {AllowedGrowth} MB" : $"grown by no more than {AllowedGrowth} MB")}");
        return isRight && !hasGrown ? 0 : 1;
    }

    private TimeSpan Watch(RecordFile file, ListenerProcess listener, MemoryTrace memory)
    {
        var watch = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        for (var next = SampleEvery; watch.Elapsed < options.Duration; next += SampleEvery)
        {
            if (next > watch.Elapsed)
            {
                Thread.Sleep(next - watch.Elapsed);
            }

            memory.Sample(watch.Elapsed);
            if (watch.Elapsed - told >= TellEvery)
            {
                told = watch.Elapsed;
                Console.Error.WriteLine($"{told.TotalMinutes:N1} of {options.Minutes} minutes: memory {memory.Resident.End:N1} MB");
            }

            if (listener.Process.HasExited)
            {
                throw new InvalidOperationException($"The listener's process ended by itself with exit code {listener.Process.ExitCode}.");
            }

            if (file.FreeSpace < NeededSpace)
            {
                Console.Error.WriteLine("The disk is nearly full: the run ends here.");
                break;
            }
        }

        return watch.Elapsed;
    }

    private void Report(string name, MemoryFigures figures) => Console.WriteLine(
        $"{name,-12} {figures.Settled:N1} MB after {settled.TotalMinutes:0.#} min, max {figures.Max:N1}, end {figures.End:N1}: growth {figures.Growth:N1} MB");
}

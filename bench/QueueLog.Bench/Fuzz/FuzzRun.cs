using System.Diagnostics;
using QueueLog.Bench.Fuzz.Engine;

namespace QueueLog.Bench.Fuzz;

/// <summary>Takes the decoders one after the other and says what came of it.</summary>
internal static class FuzzRun
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static int Run(ReadOnlySpan<string> arguments)
    {
        try
        {
            return Run(FuzzOptions.Parse(arguments));
        }
        catch (ArgumentException exception)
        {
            Console.Error.WriteLine($"{exception.Message}\n\n{FuzzOptions.Usage}");
            return 2;
        }
    }

    private static int Run(FuzzOptions options)
    {
        var targets = FuzzTargets.All.Where(options.Includes).ToArray();
        if (targets.Length == 0)
        {
            throw new ArgumentException($"No decoder of that name. There are: {string.Join(", ", FuzzTargets.All.Select(target => target.Name))}.");
        }

        var failed = 0;
        var each = (options.Inputs + targets.Length - 1) / targets.Length;
        Console.WriteLine($"seed {options.Seed}");
        foreach (var target in targets)
        {
            var started = Stopwatch.GetTimestamp();
            var fuzzer = new Fuzzer(target, options.Seed);
            using var watchdog = Watch(fuzzer, target, options.Seed);
            var failure = options.Index is { } index ? fuzzer.Run(index, 1) : fuzzer.Run(0, each);
            var inputs = options.Index is null ? fuzzer.Index : 1;
            Console.WriteLine(failure is null
                ? $"{target.Name,-18} {inputs,9:N0} inputs, {100.0 * fuzzer.Accepted / inputs,4:N1} % accepted, at most {fuzzer.MostAllocated,7:N0} bytes allocated, {Stopwatch.GetElapsedTime(started).TotalSeconds,5:N1} s"
                : $"FAILED: {failure}");
            failed += failure is null ? 0 : 1;
        }

        Console.WriteLine(failed == 0 ? "no failures" : $"{failed} of {targets.Length} decoders failed");
        return failed == 0 ? 0 : 1;
    }

    // A decoder that runs in circles can only be left by ending the process.
    private static Timer Watch(Fuzzer fuzzer, FuzzTarget target, int seed)
    {
        var last = -1;
        return new Timer(
            _ =>
            {
                var index = fuzzer.Index;
                if (index == last)
                {
                    Console.WriteLine($"FAILED: {new FuzzFailure(target.Name, seed, index, new Fuzzer(target, seed).Input(index).Bytes, $"not done after {Timeout.TotalSeconds} s")}");
                    Environment.Exit(1);
                }

                last = index;
            },
            state: null, Timeout, Timeout);
    }
}

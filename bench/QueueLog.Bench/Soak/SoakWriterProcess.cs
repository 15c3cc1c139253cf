using System.Diagnostics;
using System.Globalization;
using QueueLog.Bench.Processes;
using QueueLog.Client;

namespace QueueLog.Bench.Soak;

/// <summary>
/// This program as a writer that logs until it is told to finish, and then prints how many records it wrote:
/// <c>soak-writer ADDRESS NAME RATE</c>.
/// </summary>
internal static class SoakWriterProcess
{
    public const string Verb = "soak-writer";

    /// <summary>What each line ends in, so that a torn one is known.</summary>
    public const string LineEnd = " end";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    // Records of different lengths: buffers fill and wrap at ever other places.
    private static readonly string[] Paddings = [.. Enumerable.Range(0, 64).Select(length => new string('x', length))];

    /// <summary>How to start this program again as such a writer.</summary>
    /// <param name="address">The listener's.</param>
    /// <param name="number">From 1.</param>
    /// <param name="rate">Its records per second; 0 for as fast as it can.</param>
    public static ProcessStartInfo Start(string address, int number, double rate) =>
        SelfProcess.Start(Verb, address, $"Writer-{number}", rate.ToString(CultureInfo.InvariantCulture));

    public static int Run(ReadOnlySpan<string> arguments)
    {
        ProcessContext.Identity = new ProcessIdentity(arguments[1], null);
        var logger = new QueueLogger(category: null, arguments[0]);
        var rate = double.Parse(arguments[2], CultureInfo.InvariantCulture);
        Console.WriteLine("ready");
        Console.ReadLine();
        var finish = Task.Run(Console.ReadLine);
        var written = 0;
        var since = Stopwatch.GetTimestamp();
        while (!finish.IsCompleted)
        {
            if (rate > 0 && written >= rate * Stopwatch.GetElapsedTime(since).TotalSeconds)
            {
                Thread.Sleep(Pace);
                continue;
            }

            written++;
            logger.Info($"record {{Number}} {{Padding}}{LineEnd}", written, Paddings[written % Paddings.Length]);
        }

        ClientRegistry.CloseAll(TimeSpan.FromMinutes(1));
        Console.WriteLine(written);
        return 0;
    }
}

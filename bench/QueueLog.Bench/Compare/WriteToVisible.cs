using System.Diagnostics;
using System.Globalization;
using QueueLog.Bench.Ours;
using QueueLog.Bench.Processes;
using QueueLog.Bench.Writers;

namespace QueueLog.Bench.Compare;

/// <summary>
/// How long after the call in a writer process its record can be read from the file, nothing else going on: this process
/// asks for the file's length without pause, and the writer tells afterwards when it called.
/// </summary>
/// <param name="kind">The writer; one that needs a listener has it in this process.</param>
internal sealed class WriteToVisible(string kind) : Trial
{
    public const int Median = 0;
    public const int Percentile95 = 1;

    private const int Records = 200;

    /// <summary>Records before the first that counts, while both sides compile.</summary>
    private const int WarmUp = 30;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    public override string? Missing => kind == AppendWriter.Kind && OperatingSystem.IsWindows() ? "O_APPEND and write(2) are Unix calls" : null;

    protected override IReadOnlyList<double> Measure()
    {
        using var file = new RecordFile();
        File.Create(file.Path).Dispose();
        using var listener = kind == QueueLogWriter.Kind ? new BenchListener(file.Path) : null;
        using var fleet = new ProcessFleet(1, _ => StampedWriterProcess.Start(kind, listener?.Address ?? file.Path, WarmUp + Records));
        fleet.WaitUntilReady();
        fleet.Go();
        var seen = Watch(file.Path, WarmUp + Records);
        var written = fleet.WaitForAnswers()[0].Select(line => long.Parse(line, CultureInfo.InvariantCulture));
        file.Check(writers: 1, WarmUp + Records);

        var milliseconds = written.Zip(seen, (from, to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds).Skip(WarmUp).Order().ToArray();
        return [Percentile(milliseconds, 50), Percentile(milliseconds, 95)];
    }

    /// <summary>When each line was there.</summary>
    private static long[] Watch(string path, int lines)
    {
        var moments = new long[lines];
        var buffer = new byte[4096];
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var since = Stopwatch.GetTimestamp();
        var length = 0L;
        for (var line = 0; line < lines;)
        {
            var now = RandomAccess.GetLength(file);
            var moment = Stopwatch.GetTimestamp();
            if (now == length)
            {
                if (Stopwatch.GetElapsedTime(since, moment) > Timeout)
                {
                    throw new TimeoutException($"{line} of {lines} records were in the file within {Timeout.TotalSeconds} s.");
                }

                continue;
            }

            while (length < now)
            {
                var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, now - length)), length);
                for (var ends = buffer.AsSpan(0, read).Count((byte)'\n'); ends > 0 && line < lines; ends--)
                {
                    moments[line++] = moment;
                }

                length += read;
            }
        }

        return moments;
    }

    private static double Percentile(double[] sorted, int percent) => sorted[((sorted.Length * percent) + 99) / 100 - 1];
}

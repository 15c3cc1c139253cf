using System.Globalization;
using System.Text;
using QueueLog.Sinks.Queued;

namespace QueueLog.Sinks;

/// <summary>Writes to the console on a thread of its own, so that a terminal that is stopped or a pipe nobody drains holds up nobody.</summary>
internal sealed class ConsoleOutput
{
    private const int Capacity = 1024 * 1024;

    private readonly Stream stream;
    private readonly SinkQueue queue;
    private long lostAtEnd;

    public ConsoleOutput(Stream stream, ConsoleSinkOptions options)
    {
        this.stream = stream;
        var room = new SinkQueueOptions
        {
            ThreadName = "QueueLog console",
            Capacity = Capacity,
            RoomTimeout = options.RoomTimeout,
            IsPatientAgain = true,
            Note = static missed => Encoding.UTF8.GetBytes($"QueueLog: {CountOf(missed)} left out here: the console was behind\n"),
        };
        queue = new SinkQueue(room, Run);
    }

    /// <summary>Entries that were not shown.</summary>
    public long Lost => queue.Lost + Interlocked.Read(ref lostAtEnd);

    public bool IsBehind => queue.IsBehind;

    public static string CountOf(long records) =>
        string.Create(CultureInfo.InvariantCulture, $"{records} {(records == 1 ? "record was" : "records were")}");

    /// <inheritdoc cref="SinkQueue.CountLostIfBehind"/>
    public bool CountLostIfBehind() => queue.CountLostIfBehind();

    /// <inheritdoc cref="SinkQueue.TryAdd"/>
    public bool TryAdd(ReadOnlySpan<byte> bytes, int entries) => queue.TryAdd(bytes, entries);

    /// <summary>Throws why the stream took nothing the last time, and has it tried again.</summary>
    public void ThrowIfFailed() => queue.ThrowIfFailed();

    /// <summary>Waits until everything is written, and gives up when it takes too long or the stream fails.</summary>
    /// <returns>How many entries are left out now, and why if that is known.</returns>
    public (long Entries, Exception? Cause) Close(TimeSpan timeout)
    {
        queue.Close(timeout);
        var left = queue.Abandon(out _);
        Interlocked.Exchange(ref lostAtEnd, left.Entries);
        return left;
    }

    private void Run(SinkQueue blocks)
    {
        while (blocks.Next(out var block, out _))
        {
            try
            {
                ConsoleWriter.WriteBlock(stream, block.Content);
                blocks.Remove();
            }
            catch (Exception exception)
            {
                blocks.Fail(exception);
            }
        }
    }
}

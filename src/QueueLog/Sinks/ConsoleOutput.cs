using System.Buffers;
using System.Globalization;
using System.Text;

namespace QueueLog.Sinks;

/// <summary>Writes to the console on a thread of its own, so that a terminal that is stopped or a pipe nobody drains holds up nobody.</summary>
// The dispatcher's thread adds and closes, the output's own thread takes and writes; what they share is under the gate, and
// every change of it is a pulse. When the buffer stays full the console is behind: entries are counted instead of kept, until
// the buffer is empty; then one line tells how many, where they would have stood.
internal sealed class ConsoleOutput(Stream stream, ConsoleSinkOptions options)
{
    private const int Capacity = 1024 * 1024;

    private readonly object gate = new();
    private readonly Queue<Block> blocks = new();
    private Thread? thread;

    // Bytes in the blocks, that under way included.
    private int buffered;

    // Entries left out since the console fell behind.
    private long missed;
    private volatile bool behind;
    private long leftOut;

    // Of the first block, which is kept; tried again when someone asks.
    private Exception? failure;
    private bool retry;
    private bool closed;
    private bool ended;

    /// <summary>Entries that were not shown.</summary>
    public long LeftOut => Interlocked.Read(ref leftOut);

    public static string CountOf(long records) =>
        string.Create(CultureInfo.InvariantCulture, $"{records} {(records == 1 ? "record was" : "records were")}");

    /// <summary>Counts an entry as left out while the console is behind.</summary>
    public bool LeaveOutIfBehind()
    {
        if (!behind)
        {
            return false;
        }

        lock (gate)
        {
            if (behind)
            {
                LeaveOut(1);
            }

            return behind;
        }
    }

    /// <summary>Takes whole entries to be written.</summary>
    /// <returns>False when there was no room for them: they are left out, and the console is behind from then on.</returns>
    public bool TryAdd(ReadOnlySpan<byte> bytes, int entries)
    {
        lock (gate)
        {
            if (closed || behind || !(HasRoom(bytes.Length) || WaitForRoom(bytes.Length)))
            {
                behind = true;
                LeaveOut(entries);
                return false;
            }

            Add(bytes, entries);
            if (thread is null)
            {
                thread = new Thread(Run) { IsBackground = true, Name = "QueueLog console" };
                thread.Start();
            }

            Monitor.PulseAll(gate);
            return true;
        }
    }

    /// <summary>Throws why the stream took nothing the last time, and has it tried again.</summary>
    public void ThrowIfFailed()
    {
        lock (gate)
        {
            if (failure is not null)
            {
                retry = true;
                Monitor.PulseAll(gate);
                throw new IOException(failure.Message, failure);
            }
        }
    }

    /// <summary>Waits until everything is written, and gives up when it takes too long or the stream fails.</summary>
    /// <returns>How many entries are left out now, and why if that is known.</returns>
    public (long Entries, Exception? Cause) Close(TimeSpan timeout)
    {
        lock (gate)
        {
            closed = true;
            retry = true;
            Monitor.PulseAll(gate);
            Wait(timeout, () => thread is null || ended);
            long rest = blocks.Sum(block => block.Entries);
            Interlocked.Add(ref leftOut, rest);

            // Should the block under way ever be taken, nothing is to follow it.
            blocks.Clear();
            missed = 0;
            return (rest, failure);
        }
    }

    private void Run()
    {
        while (Next() is { } block)
        {
            try
            {
                stream.Write(block.Bytes, 0, block.Length);
                stream.Flush();
                Remove(block);
            }
            catch (Exception exception)
            {
                Fail(exception);
            }
        }

        lock (gate)
        {
            ended = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>The block to write next, which stays first until it is written; null at the end.</summary>
    private Block? Next()
    {
        lock (gate)
        {
            while (true)
            {
                if (blocks.Count == 0 && missed > 0)
                {
                    Add(Encoding.UTF8.GetBytes($"QueueLog: {CountOf(missed)} left out here: the console was behind\n"), 0);
                    missed = 0;
                    behind = false;
                }

                if (blocks.TryPeek(out var block) && (failure is null || retry))
                {
                    retry = false;
                    return block;
                }

                if (closed)
                {
                    return null;
                }

                Monitor.Wait(gate);
            }
        }
    }

    private void Remove(Block block)
    {
        lock (gate)
        {
            // Empty when it was closed meanwhile.
            if (blocks.TryDequeue(out _))
            {
                buffered -= block.Length;
            }

            failure = null;
            Monitor.PulseAll(gate);
        }

        ArrayPool<byte>.Shared.Return(block.Bytes);
    }

    private void Fail(Exception exception)
    {
        lock (gate)
        {
            failure = exception;
            Monitor.PulseAll(gate);
        }
    }

    private void Add(ReadOnlySpan<byte> bytes, int entries)
    {
        var copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(copy);
        blocks.Enqueue(new Block(copy, bytes.Length, entries));
        buffered += bytes.Length;
    }

    private void LeaveOut(int entries)
    {
        missed += entries;
        Interlocked.Add(ref leftOut, entries);
    }

    // An entry longer than the whole buffer has room when it is alone.
    private bool WaitForRoom(int bytes) =>
        Wait(options.Patience, () => HasRoom(bytes) || failure is not null) && HasRoom(bytes);

    private bool HasRoom(int bytes) => buffered == 0 || buffered + bytes <= Capacity;

    private bool Wait(TimeSpan timeout, Func<bool> condition)
    {
        var until = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (!condition())
        {
            var left = until - Environment.TickCount64;
            if (left <= 0 || !Monitor.Wait(gate, TimeSpan.FromMilliseconds(left)))
            {
                return condition();
            }
        }

        return true;
    }

    private readonly record struct Block(byte[] Bytes, int Length, int Entries);
}

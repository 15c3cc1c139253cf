using System.Diagnostics;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Pool.Child;

/// <summary>
/// What the worker has to say, gathered into frames: quick items share one, and what a long item writes is sent soon after.
/// </summary>
internal sealed class ResultBatcher : IDisposable
{
    private const int FullLength = 32 * 1024;
    private const int KeepCapacity = 1024 * 1024;

    // What is longer has a frame of its own, and is not copied into it.
    private const int LargeLength = 256 * 1024;
    private const int SoonMilliseconds = 10;

    // Results of finished items wait no longer than this for more of them: what is unsent when a worker is killed is lost.
    private static readonly long FlushTicks = Stopwatch.Frequency / 1000;

    private readonly object gate = new();
    private readonly PipeConnection connection;
    private readonly ByteWriter writer = new(8 * 1024);
    private readonly Timer timer;
    private long oldest;
    private bool isTimed;

    public ResultBatcher(PipeConnection connection)
    {
        this.connection = connection;
        timer = new Timer(static state => ((ResultBatcher)state!).FlushInTime(), this, Timeout.Infinite, Timeout.Infinite);
        writer.BeginFrame(FrameType.Results);
    }

    /// <summary>Adds an entry; sends it if much has gathered, and otherwise soon.</summary>
    public void Append(WorkEntryKind kind, long index, ReadOnlySpan<byte> body)
    {
        lock (gate)
        {
            if (body.Length > LargeLength)
            {
                SendLarge(kind, index, body);
                return;
            }

            AppendLocked(kind, index, body);
            if (writer.Length > FullLength)
            {
                FlushLocked();
            }
            else
            {
                FlushSoon();
            }
        }
    }

    /// <summary>Adds the end of an item; sends everything if nothing else is to come at once.</summary>
    public void AppendEnd(long index, ItemOutcome outcome, long startedAt, long startedUtcTicks, int? exitCode, bool moreToCome)
    {
        var now = Stopwatch.GetTimestamp();
        var microseconds = startedAt == 0 ? 0 : (now - startedAt) * 1_000_000 / Stopwatch.Frequency;
        Span<byte> body = stackalloc byte[WorkEntryCodec.EndedLength];
        WorkEntryCodec.WriteEnded(body, outcome, microseconds, startedUtcTicks, exitCode);
        lock (gate)
        {
            if (oldest == 0)
            {
                oldest = now;
            }

            AppendLocked(WorkEntryKind.Ended, index, body);
            if (!moreToCome || writer.Length > FullLength || now - oldest > FlushTicks)
            {
                FlushLocked();
            }
            else
            {
                // The next item may take for ever.
                FlushSoon();
            }
        }
    }

    public void Flush()
    {
        lock (gate)
        {
            FlushLocked();
        }
    }

    /// <summary>Sends a frame of another kind, after everything that was said before it.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        lock (gate)
        {
            FlushLocked();
            connection.Send(frame);
        }
    }

    public void Dispose() => timer.Dispose();

    private void FlushInTime()
    {
        lock (gate)
        {
            isTimed = false;
            FlushLocked();
        }
    }

    // Once set, the timer is left to run out whatever is sent before: setting it again for each frame costs more than one look.
    private void FlushSoon()
    {
        if (!isTimed)
        {
            isTimed = true;
            timer.Change(SoonMilliseconds, Timeout.Infinite);
        }
    }

    private void AppendLocked(WorkEntryKind kind, long index, ReadOnlySpan<byte> body)
    {
        var entry = WorkEntryCodec.BeginEntry(writer, kind, index);
        writer.WriteBytes(body);
        WorkEntryCodec.EndEntry(writer, entry);
    }

    private void SendLarge(WorkEntryKind kind, long index, ReadOnlySpan<byte> body)
    {
        FlushLocked();
        WorkEntryCodec.EndEntry(writer, WorkEntryCodec.BeginEntry(writer, kind, index), body.Length);
        SendLocked(body);
    }

    private void FlushLocked()
    {
        oldest = 0;
        if (writer.Length > FrameReader.HeaderLength)
        {
            SendLocked();
        }
    }

    private void SendLocked(ReadOnlySpan<byte> rest = default)
    {
        writer.EndFrame(0, rest.Length);
        try
        {
            connection.Send(writer.Written, rest);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pool is gone; the pipe's reader sees it too and ends the process.
        }

        writer.Clear(KeepCapacity);
        writer.BeginFrame(FrameType.Results);
    }
}

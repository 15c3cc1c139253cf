using System.Globalization;
using System.Text;
using System.Text.Json;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Listener.JsonLines;

/// <summary>The conversation with a client that sends JSON lines: each becomes a record event, numbered here.</summary>
internal sealed class LineSession(PipeConnection connection, ListenerSession session, SessionEvents events, FailureLog failures, LocalClock clock)
{
    // So much goes into one event.
    private const int FullBatch = 64 * 1024;
    private const int KeepCapacity = 4 * FullBatch;

    // Of a line that is too long, this much is kept.
    private const int LongestRest = 4 * 1024;

    // A flush of the listener's own, at the end; those of clients have numbers from 1.
    private const long EndOfLines = 0;

    // For a client that asked for answers, and may not read the last.
    private static readonly TimeSpan LastAcknowledgeTimeout = TimeSpan.FromSeconds(1);

    private static readonly byte[] CategoryUtf8 = ListenerEntry.CategoryOfOthers.ToArray();

    private readonly LineBuffer lines = new();
    private readonly JsonLineReader reader = new();
    private readonly LineRecord record = new();
    private readonly ByteWriter batch = new(FullBatch);
    private readonly TaskCompletionSource<bool> written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long sequence;
    private long wholeLines;
    private bool wantsAcknowledgements;
    private bool hasReported;

    /// <summary>Whether these first bytes can be no frame: white space or a brace, and then more text.</summary>
    // A greeting is shorter than 64 KiB, so the third byte of its length is 0, which is in no text.
    public static bool? Recognizes(ReadOnlySpan<byte> start) => start switch
    {
        [] => null,
        [(byte)'{' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xEF, ..] => start.Length < 3 ? null : start[2] != 0,
        _ => false,
    };

    /// <summary>Whether a client has begun with a line, and not with a frame.</summary>
    // Who has begun a line has all the time there is: the next byte may be typed by hand.
    public static async Task<bool> IsSentOverAsync(PipeConnection connection, CancellationToken deadline, CancellationToken cancellation)
    {
        var start = await connection.PeekAsync(1, deadline).ConfigureAwait(false);
        var seen = 0;
        while (Recognizes(start.Span) is null && start.Length > seen)
        {
            seen = start.Length;
            start = await connection.PeekAsync(seen + 1, cancellation).ConfigureAwait(false);
        }

        // A few bytes and then the end: no frame is as short.
        return Recognizes(start.Span) ?? !start.IsEmpty;
    }

    /// <summary>Reads to the end, and waits until everything is written: the client that waits for the end knows it then.</summary>
    /// <exception cref="ProtocolException">A line is too long; what was sent before it is handed over.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var last = 0L;
        try
        {
            while (await ReadAsync(cancellation).ConfigureAwait(false))
            {
                while (HandleLines() is var flush && (flush > 0 || batch.Length > 0))
                {
                    await SendAsync(flush, cancellation).ConfigureAwait(false);
                }
            }

            // Of a line that was cut off, its sender is told that it was not taken whole.
            wholeLines = sequence;
            last = session.IsDropped ? 0 : HandleLine(lines.Rest);
        }
        catch (ProtocolException e)
        {
            // Reported by whoever cuts it off.
            hasReported = true;
            Refuse(lines.Rest[..Math.Min(lines.Rest.Length, LongestRest)], e.Message);
            throw;
        }
        finally
        {
            // Nobody says goodbye in lines: the end is as good as one.
            if (session.Source is { } source)
            {
                source.SaidGoodbye = true;
            }

            await SendAsync(last, cancellation).ConfigureAwait(false);
        }

        if (session is { HasGreeted: true, IsDropped: false })
        {
            await EndAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The answer to a flush; null for the listener's own.</summary>
    /// <param name="number">What the client calls it.</param>
    /// <param name="isWritten">Whether everything before it is written.</param>
    /// <param name="taken">How many of the client's lines that are.</param>
    public byte[]? Acknowledge(long number, bool isWritten, long taken)
    {
        if (number != EndOfLines)
        {
            return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"flushed\":{number},\"written\":{(isWritten ? "true" : "false")},\"records\":{taken}}}\n"));
        }

        written.TrySetResult(isWritten);
        return null;
    }

    private async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var count = await connection.ReadBytesAsync(lines.Room(), cancellation).ConfigureAwait(false);
            lines.Received(count);
            return count > 0;
        }
        catch (IOException)
        {
            // One that goes without reading its answers breaks the connection; what it sent has been read.
            return false;
        }
    }

    /// <summary>Encodes whole lines until there are no more, the batch is full, or a client wants an answer.</summary>
    /// <returns>The number of that answer, or 0.</returns>
    private long HandleLines()
    {
        while (batch.Length < FullBatch && lines.TryRead(out var line))
        {
            if (HandleLine(line) is > 0 and var flush)
            {
                return flush;
            }
        }

        return 0;
    }

    private long HandleLine(ReadOnlySpan<byte> line)
    {
        // Windows programs begin with a mark of their encoding.
        line = line.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line;
        if (line.Trim(" \t\r\n"u8).IsEmpty)
        {
            return 0;
        }

        try
        {
            reader.Read(line, record);
            if (record.Flush > 0)
            {
                return record.Flush;
            }

            Append();
        }
        catch (Exception e) when (e is JsonException or ProtocolException)
        {
            Refuse(line, e is JsonException json ? ReasonOf(json) : e.Message);
        }

        return 0;
    }

    // The message ends in the place, as a line of a line and a byte.
    private static string ReasonOf(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"It is no JSON: {(end < 0 ? exception.Message : exception.Message[..end])} That is byte {exception.BytePositionInLine ?? 0}.");
    }

    // Nothing is lost silently: what cannot be read as a record is the message of one.
    private void Refuse(ReadOnlySpan<byte> line, string reason)
    {
        record.Clear();
        Introduce();
        record.Level = LogLevel.Warning;
        record.Set(LineText.Category, CategoryUtf8);
        record.Set(LineText.Message, line);
        record.Properties.Add("Reason"u8, Encoding.UTF8.GetBytes(reason));
        Append();
        if (!hasReported)
        {
            hasReported = true;
            failures.ReportClient($"client {session.Client.Process} (pid {session.Client.Pid})", FailureSeverity.Permanent, $"A line is no record, and is in the log as a warning, as any other like it: {reason}", null);
        }
    }

    private void Append()
    {
        Introduce();
        record.WriteTo(batch, session.Client, sequence + 1, clock);
        sequence++;
    }

    private void Introduce()
    {
        if (!session.HasGreeted)
        {
            session.Introduce(PeerIdentity.Of(record, connection.PeerPid));
        }
    }

    private async ValueTask SendAsync(long flush, CancellationToken cancellation)
    {
        if (batch.Length > 0)
        {
            await events.WriteAsync(SessionEvent.OfBatch(session, batch.Written), cancellation).ConfigureAwait(false);
            batch.Clear(KeepCapacity);
        }

        if (flush > 0)
        {
            record.Clear();
            Introduce();
            wantsAcknowledgements = true;
            await events.WriteAsync(new SessionEvent(session, SessionEventKind.Flush) { Number = flush }, cancellation).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(CancellationToken cancellation)
    {
        await events.WriteAsync(new SessionEvent(session, SessionEventKind.Flush) { Number = EndOfLines }, cancellation).ConfigureAwait(false);
        var isWritten = await written.Task.WaitAsync(cancellation).ConfigureAwait(false);
        if (wantsAcknowledgements)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            timeout.CancelAfter(LastAcknowledgeTimeout);
            var answer = string.Create(CultureInfo.InvariantCulture, $"{{\"closed\":true,\"written\":{(isWritten ? "true" : "false")},\"records\":{wholeLines}}}\n");
            await connection.SendAsync(Encoding.UTF8.GetBytes(answer), timeout.Token).ConfigureAwait(false);
        }
    }
}

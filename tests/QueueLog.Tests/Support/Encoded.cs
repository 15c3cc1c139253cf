using System.Text;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>Records and frames as bytes, made without the encoder that is tested elsewhere.</summary>
internal static class Encoded
{
    // Length prefix, sequence, time, offset, level, flags.
    private const int FixedLength = 4 + 8 + 8 + 2 + 1 + 1;

    public static readonly ClientIdentity Sender = new(4711, "Worker-1", null);

    /// <summary>A record, length prefix included.</summary>
    public static byte[] Record(string message, long sequence = 0, LogLevel level = LogLevel.Information)
    {
        var output = new ByteWriter();
        output.WriteInt32(0);
        output.WriteInt64(sequence);
        output.WriteInt64(new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc).Ticks);
        output.WriteInt16(0);
        output.WriteByte((byte)level);
        output.WriteByte(0);
        output.WriteText(message);
        output.PatchInt32(0, output.Length - 4);
        return output.Written.ToArray();
    }

    /// <summary>A record of so many bytes, length prefix included, whose message begins with a text.</summary>
    public static byte[] RecordOf(int bytes, string text = "")
    {
        var longest = bytes - FixedLength;
        var message = longest - (longest <= 128 ? 1 : longest <= 16385 ? 2 : longest <= 2097154 ? 3 : 4);
        var record = Record(text.PadRight(message, '.'));
        return record.Length == bytes ? record : throw new ArgumentException($"No record has exactly {bytes} bytes.", nameof(bytes));
    }

    public static string MessageOf(ReadOnlySpan<byte> record) => Read(record).Message;

    public static (long Sequence, string Message) Read(ReadOnlySpan<byte> record)
    {
        Assert.True(RecordCodec.TryRead(ref record, Sender, out var view));
        Assert.True(record.IsEmpty);
        return (view.Sequence, Encoding.UTF8.GetString(view.Message));
    }

    /// <summary>A Records frame.</summary>
    public static byte[] Batch(params byte[][] records)
    {
        var output = new ByteWriter();
        var frame = output.BeginFrame(FrameType.Records);
        foreach (var record in records)
        {
            output.WriteBytes(record);
        }

        output.EndFrame(frame);
        return output.Written.ToArray();
    }

    public static byte[] Frame(FrameType type, params byte[] payload)
    {
        var output = new ByteWriter();
        var frame = output.BeginFrame(type);
        output.WriteBytes(payload);
        output.EndFrame(frame);
        return output.Written.ToArray();
    }

    public static byte[] Hello(string process = "rogue", int pid = 4711)
    {
        var output = new ByteWriter();
        GreetingCodec.WriteHello(output, new ClientIdentity(pid, process, null));
        return output.Written.ToArray();
    }

    /// <summary>A Journal frame: where the ring is, or why there is none.</summary>
    public static byte[] Journal(string? path, string? fault = null)
    {
        var output = new ByteWriter();
        GreetingCodec.WriteJournal(output, path, fault);
        return output.Written.ToArray();
    }
}

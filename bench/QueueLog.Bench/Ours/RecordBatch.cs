using QueueLog.Client;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Bench.Ours;

/// <summary>Records as they lie in a ring, to be given to a sink as the dispatcher does it.</summary>
internal sealed class RecordBatch
{
    public const int Count = 10_000;

    private const int Commit = 1024 * 1024;

    private static readonly ClientIdentity Sender = new(4711, "Writer-1", null);

    private readonly byte[] records = Encode();

    /// <summary>Decodes and writes them all, in commits of a megabyte; rolls where that is due.</summary>
    public void WriteTo(IFileSink sink)
    {
        ReadOnlySpan<byte> rest = records;
        var committed = rest.Length;
        while (RecordCodec.TryRead(ref rest, Sender, out var record))
        {
            sink.Write(in record);
            if (sink.NeedsRoll)
            {
                sink.Flush(withoutLast: true);
                sink.Roll();
            }

            if (committed - rest.Length >= Commit)
            {
                committed = rest.Length;
                sink.Flush();
            }
        }

        sink.Flush();
    }

    private static byte[] Encode()
    {
        var output = new ByteWriter();
        for (var i = 0; i < Count; i++)
        {
            var start = output.Length;
            var draft = new RecordDraft { Level = LogLevel.Information, Message = "item {Item} started", Arguments = new object?[] { i } };
            output.WriteBytes(RecordEncoder.Encode(draft, LocalClock.Default).Written);
            RecordCodec.SetSequence(output.WrittenSpan(start), i + 1);
        }

        return output.Written.ToArray();
    }
}

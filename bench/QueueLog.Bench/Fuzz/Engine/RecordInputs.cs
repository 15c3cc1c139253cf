using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>Batches of records: read to the last property, and made into lines.</summary>
internal static class RecordInputs
{
    private const string EveryField =
        "{Timestamp:yyyy-MM-dd HH:mm:ss,fff zzz} {Timestamp:O} {Level,-11} {Level:u3} {Process,-10} {Pid:D5} {Worker} {Item} {Attempt} {Category} {Sequence} "
        + "{Caller} {Host} {Number:N2} {Number,20} {Template} {Properties} {Message}{NewLine}{Exception}";

    private static readonly ClientIdentity Sender = new(1, "sender", "Worker-1");
    private static readonly IRecordFormatter[] Formatters = [new TemplateFormatter(), new TemplateFormatter(EveryField), new JsonFormatter(), new LogfmtFormatter(), new CsvFormatter()];
    private static readonly ByteWriter Lines = new();

    public static void WriteRecords(Random random, ByteWriter output)
    {
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var start = output.Length;
            output.WriteBytes(RecordEncoder.Encode(Sample.Record(random), LocalClock.Default).Written);
            RecordCodec.SetSequence(output.WrittenSpan(start), Sample.Number(random));
        }
    }

    public static void Read(byte[] input)
    {
        ReadOnlySpan<byte> batch = input;
        var left = batch.Length;
        while (RecordCodec.TryRead(ref batch, Sender, out var record))
        {
            var properties = record.ReadProperties();
            var length = 0;
            while (properties.Read())
            {
                length += properties.Name.Length + (properties.Kind == PropertyKind.Text ? properties.Text.Length : 0) + 2;
            }

            if (length > record.Properties.Length || batch.Length >= left)
            {
                throw new InvalidOperationException("The record has more in it than its bytes.");
            }

            left = batch.Length;
        }
    }

    // What the codec lets through no formatter may stumble over: it would cost the sink, not the connection.
    public static void Format(byte[] input)
    {
        ReadOnlySpan<byte> batch = input;
        while (RecordCodec.TryRead(ref batch, Sender, out var record))
        {
            foreach (var formatter in Formatters)
            {
                Lines.Clear();
                try
                {
                    formatter.Format(in record, Lines);
                }
                catch (ProtocolException e)
                {
                    throw new InvalidOperationException("The formatter found what the codec had let through.", e);
                }

                if (Lines.Length == 0 || Lines.Written[^1] != (byte)'\n')
                {
                    throw new InvalidOperationException("The entry does not end its line.");
                }
            }
        }
    }
}

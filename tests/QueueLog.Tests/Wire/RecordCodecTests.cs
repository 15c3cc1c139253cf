using System.Text;
using QueueLog.Client;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Wire;

public sealed class RecordCodecTests
{
    private static readonly ClientIdentity Sender = new(42, "pwsh", "Worker-1");

    [Fact]
    public void Every_field_of_a_record_survives_the_way()
    {
        var record = new LogRecord
        {
            Timestamp = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(5.5)),
            Level = LogLevel.Warning,
            Message = "disk π is full",
            Template = "disk {Disk} is full",
            Category = "Db.Import",
            Process = "sensor",
            Pid = 7,
            Worker = "Worker-9",
            Item = 12,
            Exception = new ExceptionInfo("System.IO.IOException", "no room", "at a\nat b"),
            Properties = new LogProperties([new("Disk", "π"), new("Free", 0L), new("Ratio", 0.5), new("Hot", true), new("None", null), new("When", DateTimeOffset.UnixEpoch)]),
        };

        ReadOnlySpan<byte> batch = Encode(record, 99);
        Assert.True(RecordCodec.TryRead(ref batch, Sender, out var view));
        Assert.Equal(record.Timestamp.Value.UtcTicks, view.UtcTicks);
        Assert.Equal(330, view.OffsetMinutes);
        Assert.Equal(LogLevel.Warning, view.Level);
        Assert.Equal(99, view.Sequence);
        Assert.Equal(record.Message, Encoding.UTF8.GetString(view.Message));
        Assert.Equal(record.Template, Encoding.UTF8.GetString(view.Template));
        Assert.Equal(record.Category, Encoding.UTF8.GetString(view.Category));
        Assert.Equal(record.Process, Encoding.UTF8.GetString(view.Process));
        Assert.Equal(7, view.Pid);
        Assert.Equal("Worker-9", Encoding.UTF8.GetString(view.Worker));
        Assert.Equal(12, view.Item);
        Assert.True(view.HasException);
        Assert.Equal("System.IO.IOException", Encoding.UTF8.GetString(view.ExceptionType));
        Assert.Equal("no room", Encoding.UTF8.GetString(view.ExceptionMessage));
        Assert.Equal("at a\nat b", Encoding.UTF8.GetString(view.ExceptionStackTrace));

        var kinds = new List<string>();
        var properties = view.ReadProperties();
        while (properties.Read())
        {
            kinds.Add($"{Encoding.UTF8.GetString(properties.Name)}:{properties.Kind}");
        }

        Assert.Equal(["Disk:Text", "Free:Integer", "Ratio:Double", "Hot:Boolean", "None:Null", "When:Timestamp"], kinds);
        Assert.False(RecordCodec.TryRead(ref batch, Sender, out _));
    }

    [Fact]
    public void What_a_record_leaves_out_comes_from_its_sender()
    {
        ReadOnlySpan<byte> batch = Encode(new LogRecord { Message = "x" }, 1);
        Assert.True(RecordCodec.TryRead(ref batch, Sender, out var view));
        Assert.Equal("pwsh", Encoding.UTF8.GetString(view.Process));
        Assert.Equal(42, view.Pid);
        Assert.Equal("Worker-1", Encoding.UTF8.GetString(view.Worker));
        Assert.Equal(-1, view.Item);
        Assert.False(view.HasException);
        Assert.True(view.Properties.IsEmpty);
    }

    [Fact]
    public void A_record_cut_anywhere_is_refused_and_never_half_read()
    {
        var whole = Encode(new LogRecord { Message = "hello", Category = "c", Properties = new LogProperties([new("A", 1)]) }, 1);
        for (var length = 1; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Assert.Throws<ProtocolException>(() => ReadAll(cut));
        }

        Assert.Equal(1, ReadAll(whole));
    }

    [Fact]
    public void Mutated_records_throw_nothing_but_the_protocols_own_exception()
    {
        var random = new Random(20260101);
        var whole = Encode(new LogRecord { Message = "hello", Template = "h{A}", Exception = new("T", "m", "s"), Properties = new LogProperties([new("A", 1), new("B", DateTimeOffset.UnixEpoch)]) }, 1);
        for (var i = 0; i < 20_000; i++)
        {
            var mutated = (byte[])whole.Clone();
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            try
            {
                ReadAll(mutated);
            }
            catch (ProtocolException)
            {
                // The only exception a decoder may throw.
            }
        }
    }

    [Fact]
    public void Arguments_become_properties_under_the_names_of_their_holes()
    {
        var encoded = RecordEncoder.Encode(new RecordDraft { Message = "item {Item} of {Total:000}", Arguments = new object?[] { 3, 9, "more" } }, LocalClock.Default);
        var batch = encoded.Written;
        Assert.True(RecordCodec.TryRead(ref batch, Sender, out var view));
        Assert.Equal("item 3 of 009", Encoding.UTF8.GetString(view.Message));
        Assert.Equal("item {Item} of {Total:000}", Encoding.UTF8.GetString(view.Template));
        var names = new List<string>();
        var properties = view.ReadProperties();
        while (properties.Read())
        {
            names.Add(Encoding.UTF8.GetString(properties.Name));
        }

        Assert.Equal(["Item", "Total", "Argument2"], names);
    }

    [Fact]
    public void A_lone_surrogate_becomes_a_replacement_character()
    {
        ReadOnlySpan<byte> batch = Encode(new LogRecord { Message = "a\uD800b" }, 1);
        Assert.True(RecordCodec.TryRead(ref batch, Sender, out var view));
        Assert.Equal("a\uFFFDb", Encoding.UTF8.GetString(view.Message));
    }

    [Fact]
    public void More_properties_than_the_protocol_allows_are_left_out_and_the_record_stays_readable()
    {
        var many = new LogProperties(Enumerable.Range(0, 3000).Select(i => new LogProperty($"P{i}", i)));
        Assert.Equal(1, ReadAll(Encode(new LogRecord { Message = "x", Properties = many }, 1)));
    }

    private static byte[] Encode(LogRecord record, long sequence)
    {
        var bytes = RecordEncoder.Encode(record, LocalClock.Default).Written.ToArray();
        RecordCodec.SetSequence(bytes, sequence);
        return bytes;
    }

    private static int ReadAll(byte[] bytes)
    {
        ReadOnlySpan<byte> batch = bytes;
        var count = 0;
        while (RecordCodec.TryRead(ref batch, Sender, out _))
        {
            count++;
        }

        return count;
    }
}

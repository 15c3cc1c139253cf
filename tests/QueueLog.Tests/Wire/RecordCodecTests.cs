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
            Attempt = 3,
            Caller = "import.ps1:42",
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
        Assert.Equal(3, view.Attempt);
        Assert.Equal("import.ps1:42", Encoding.UTF8.GetString(view.Caller));
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
        Assert.Equal(0, view.Attempt);
        Assert.True(view.Caller.IsEmpty);
        Assert.False(view.HasException);
        Assert.True(view.Properties.IsEmpty);
    }

    [Fact]
    public void A_record_cut_anywhere_is_refused_and_never_half_read()
    {
        var whole = Encode(new LogRecord { Message = "hello", Category = "c", Item = 1, Attempt = 300, Caller = "a.ps1:1", Properties = new LogProperties([new("A", 1)]) }, 1);
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
        var whole = Encode(new LogRecord { Message = "hello", Item = 4, Attempt = 2, Caller = "a.ps1:1", Template = "h{A}", Exception = new("T", "m", "s"), Properties = new LogProperties([new("A", 1), new("B", DateTimeOffset.UnixEpoch)]) }, 1);
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

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData(null, 2, 0)]
    [InlineData(5L, null, 1)]
    [InlineData(5L, 1, 1)]
    [InlineData(5L, 2, 2)]
    [InlineData(5L, int.MaxValue, int.MaxValue)]
    public void An_item_has_an_attempt_and_nothing_else_does(long? item, int? attempt, int expected)
    {
        ReadOnlySpan<byte> batch = Encode(new LogRecord { Message = "x", Item = item, Attempt = attempt, Category = "c" }, 1);
        Assert.True(RecordCodec.TryRead(ref batch, Sender, out var view));
        Assert.Equal(expected, view.Attempt);
        Assert.Equal("c", Encoding.UTF8.GetString(view.Category));
    }

    [Fact]
    public void A_record_of_a_first_attempt_is_not_longer_for_it() =>
        Assert.Equal(Encode(new LogRecord { Item = 5, Attempt = 1 }, 1).Length, Encode(new LogRecord { Item = 5, Attempt = 2 }, 1).Length - 2);

    [Theory]
    [InlineData(new byte[] { 0x81, 0x01 }, 0)]
    [InlineData(new byte[] { 0x80, 0x20 }, 1)]
    public void Unknown_fields_and_an_attempt_before_the_first_are_refused(byte[] flags, byte attempt)
    {
        byte[] record = [0, 0, 0, 0, .. new byte[8], .. BitConverter.GetBytes(DateTime.UnixEpoch.Ticks), 0, 0, 2, .. flags, 0, .. new byte[8], attempt];
        record[0] = (byte)(record.Length - 4);
        Assert.Throws<ProtocolException>(() => ReadAll(record));
    }

    [Fact]
    public void The_start_of_a_record_gives_level_and_message_as_far_as_they_go()
    {
        const int BeforeMessage = 4 + 8 + 8 + 2 + 1 + 2 + 1;
        var whole = Encode(new LogRecord { Level = LogLevel.Error, Message = "hello", Item = 1, Attempt = 2 }, 1);
        for (var length = 0; length <= whole.Length; length++)
        {
            var isRead = RecordCodec.TryReadStart(whole.AsSpan(0, length), out var level, out var message);
            Assert.Equal(length >= BeforeMessage, isRead);
            if (isRead)
            {
                Assert.Equal((LogLevel.Error, "hello"[..Math.Min(5, length - BeforeMessage)]), (level, Encoding.UTF8.GetString(message)));
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
    public void Properties_that_nobody_wants_are_left_out_and_fill_the_holes_all_the_same()
    {
        LogProperty[] more = [new LogProperty("Total", 9), new LogProperty("Host", "a")];
        var draft = new RecordDraft { Message = "item {Item} of {Total:000}", Arguments = new object?[] { 3 }, Properties = more };
        Check(RecordEncoder.Encode(draft, LocalClock.Default, wantsProperties: false).Written);
        Check(RecordEncoder.Encode(draft with { Message = "item 3 of 009", Template = draft.Message }, LocalClock.Default, wantsProperties: false).Written);
        Check(RecordEncoder.Encode(new LogRecord { Message = "item 3 of 009", Template = draft.Message, Properties = new LogProperties(more) }, LocalClock.Default, wantsProperties: false).Written);

        static void Check(ReadOnlySpan<byte> batch)
        {
            Assert.True(RecordCodec.TryRead(ref batch, Sender, out var view));
            Assert.Equal("item 3 of 009", Encoding.UTF8.GetString(view.Message));
            Assert.Equal("item {Item} of {Total:000}", Encoding.UTF8.GetString(view.Template));
            Assert.True(view.Properties.IsEmpty);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(3_000_000)]
    public void A_message_whose_length_is_known_only_when_its_holes_are_filled_survives_the_way(int length)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + i % 26)));
        ReadOnlySpan<byte> batch = RecordEncoder.Encode(new RecordDraft { Message = "{Text}", Arguments = new object?[] { text } }, LocalClock.Default).Written;
        Assert.True(RecordCodec.TryRead(ref batch, Sender, out var view));
        Assert.Equal(text, Encoding.UTF8.GetString(view.Message));
        Assert.Equal("{Text}", Encoding.UTF8.GetString(view.Template));
        Assert.True(batch.IsEmpty);
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

using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Wire;

public sealed class WorkEntryCodecTests
{
    private static readonly WorkError Error = new()
    {
        ExceptionType = "System.IO.IOException",
        Message = "disk",
        ErrorId = "Id,Command",
        Category = 13,
        Activity = "a",
        Reason = "r",
        TargetName = "n",
        TargetType = "t",
        ScriptStackTrace = "at <ScriptBlock>",
        PositionMessage = "line 1",
        Details = "d",
        RecommendedAction = "ra",
        Target = [1, 2, 3],
        Exception = [4, 5],
        Position = new WorkErrorPosition("/tmp/a.ps1", 6, 5, 7, 1, "    1/0", "}"),
    };

    private static readonly WorkInformation Information = new()
    {
        Message = [2, 65],
        IsHostMessage = true,
        Foreground = 12,
        NoNewLine = true,
        Source = "s",
        Tags = ["PSHOST", "x"],
        User = "u",
        Computer = "c",
        ProcessId = 9,
        UtcTicks = 638_000_000_000_000_000,
    };

    [Fact]
    public void Entries_come_back_in_order_with_their_bodies()
    {
        var bytes = Frame();
        ReadOnlySpan<byte> rest = bytes;
        Assert.True(WorkEntryCodec.TryRead(ref rest, out var output));
        Assert.Equal((WorkEntryKind.Output, 5L, 2), (output.Kind, output.Index, output.Body.Length));
        Assert.True(WorkEntryCodec.TryRead(ref rest, out var warning));
        Assert.Equal("careful", WorkEntryCodec.ReadText(warning.Body));
        Assert.True(WorkEntryCodec.TryRead(ref rest, out var ended));
        Assert.Equal((WorkEntryKind.Ended, 5L), (ended.Kind, ended.Index));
        Assert.Equal((ItemOutcome.Failed, 1234, 638_000_000_000_000_000, -7), WorkEntryCodec.ReadEnded(ended.Body));
        Assert.False(WorkEntryCodec.TryRead(ref rest, out _));
    }

    [Fact]
    public void A_frame_cut_anywhere_but_between_entries_is_refused()
    {
        var bytes = Frame();
        var whole = new HashSet<int> { 0, 15, 15 + 20, bytes.Length };
        for (var length = 0; length <= bytes.Length; length++)
        {
            var cut = bytes[..length];
            if (whole.Contains(length))
            {
                ReadAll(cut);
            }
            else
            {
                Assert.Throws<ProtocolException>(() => ReadAll(cut));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(255)]
    public void An_unknown_kind_is_refused(byte kind)
    {
        var bytes = Frame();
        bytes[0] = kind;
        Assert.Throws<ProtocolException>(() => ReadAll(bytes));
    }

    [Fact]
    public void A_negative_length_is_refused()
    {
        var bytes = Frame();
        bytes[12] = 0xFF;
        Assert.Throws<ProtocolException>(() => ReadAll(bytes));
    }

    [Fact]
    public void An_error_survives_the_way_and_nothing_less_or_more_does()
    {
        var bytes = WorkCodecTests.Encode(writer => WorkEntryCodec.WriteError(writer, Error));
        Assert.Equivalent(Error, WorkEntryCodec.ReadError(bytes), strict: true);
        WorkCodecTests.RefusesAllButWhole(bytes, all => WorkEntryCodec.ReadError(all));
    }

    [Fact]
    public void An_information_record_survives_the_way_and_nothing_less_or_more_does()
    {
        var bytes = WorkCodecTests.Encode(writer => WorkEntryCodec.WriteInformation(writer, Information));
        Assert.Equivalent(Information, WorkEntryCodec.ReadInformation(bytes), strict: true);
        WorkCodecTests.RefusesAllButWhole(bytes, all => WorkEntryCodec.ReadInformation(all));
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(255, 0)]
    [InlineData(0, -1)]
    [InlineData(0, long.MaxValue)]
    public void An_end_that_cannot_be_is_refused(byte outcome, long started) =>
        Assert.Throws<ProtocolException>(() => WorkEntryCodec.ReadEnded(Ended(outcome, started)));

    [Fact]
    public void Progress_comes_back_whole_and_not_cut()
    {
        var progress = new WorkProgress { ActivityId = 3, ParentId = 2, Activity = "a", Status = "s", Operation = "o", Percent = 50, SecondsRemaining = 9, IsCompleted = true };
        var bytes = WorkCodecTests.Encode(writer => WorkEntryCodec.WriteProgress(writer, progress));
        Assert.Equal(progress, WorkEntryCodec.ReadProgress(bytes));
        WorkCodecTests.RefusesAllButWhole(bytes, all => WorkEntryCodec.ReadProgress(all));
    }

    private static byte[] Frame() => WorkCodecTests.Encode(writer =>
    {
        var output = WorkEntryCodec.BeginEntry(writer, WorkEntryKind.Output, 5);
        writer.WriteBytes([1, 2]);
        WorkEntryCodec.EndEntry(writer, output);
        var warning = WorkEntryCodec.BeginEntry(writer, WorkEntryKind.Warning, 5);
        writer.WriteBytes("careful"u8);
        WorkEntryCodec.EndEntry(writer, warning);
        var ended = WorkEntryCodec.BeginEntry(writer, WorkEntryKind.Ended, 5);
        writer.WriteBytes(Ended((byte)ItemOutcome.Failed, 638_000_000_000_000_000));
        WorkEntryCodec.EndEntry(writer, ended);
    });

    private static byte[] Ended(byte outcome, long started)
    {
        var body = new byte[WorkEntryCodec.EndedLength];
        WorkEntryCodec.WriteEnded(body, (ItemOutcome)outcome, 1234, started, -7);
        return body;
    }

    private static void ReadAll(byte[] bytes)
    {
        ReadOnlySpan<byte> rest = bytes;
        while (WorkEntryCodec.TryRead(ref rest, out _))
        {
        }
    }
}

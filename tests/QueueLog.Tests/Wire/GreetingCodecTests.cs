using System.Text;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Wire;

public sealed class GreetingCodecTests
{
    [Fact]
    public void Both_greetings_survive_the_way()
    {
        var client = new ClientIdentity(4, "pwsh", "Worker-2");
        var hello = GreetingCodec.ReadHello(Frame(writer => GreetingCodec.WriteHello(writer, client)));
        Assert.Equal((client.Pid, client.Process, client.Worker), (hello.Pid, hello.Process, hello.Worker));

        var listener = new ListenerIdentity(5, "pwsh", "run", null, LogLevel.Debug, null);
        Assert.Equal(listener, GreetingCodec.ReadWelcome(Frame(writer => GreetingCodec.WriteWelcome(writer, listener))));
        var withJournal = listener with { Journal = new JournalOffer("/j", 4096, OverflowMode.DropBelow, LogLevel.Error) };
        Assert.Equal(withJournal, GreetingCodec.ReadWelcome(Frame(writer => GreetingCodec.WriteWelcome(writer, withJournal))));
        var withCaller = listener with { WantsCaller = true };
        Assert.Equal(withCaller, GreetingCodec.ReadWelcome(Frame(writer => GreetingCodec.WriteWelcome(writer, withCaller))));
        var withoutProperties = listener with { WantsProperties = false };
        Assert.Equal(withoutProperties, GreetingCodec.ReadWelcome(Frame(writer => GreetingCodec.WriteWelcome(writer, withoutProperties))));
        var withBuffer = withCaller with { MinimumLevel = LogLevel.Trace, WrittenLevel = LogLevel.Critical, FlushLevel = LogLevel.Warning };
        Assert.Equal(withBuffer, GreetingCodec.ReadWelcome(Frame(writer => GreetingCodec.WriteWelcome(writer, withBuffer))));
    }

    [Fact]
    public void A_name_cannot_steer_a_terminal()
    {
        var client = new ClientIdentity(4, "pw\u001b[31m\nsh", "\u202eWorker");
        Assert.Equal((@"pw\u001b[31m sh", @"\u202eWorker"), (client.Process, client.Worker));
        Assert.Equal((client.Process, client.Worker), (Encoding.UTF8.GetString(client.ProcessUtf8), Encoding.UTF8.GetString(client.WorkerUtf8)));
    }

    [Fact]
    public void Another_version_is_refused_with_both_numbers()
    {
        var frame = Frame(writer => GreetingCodec.WriteHello(writer, new ClientIdentity(1, "p", null)));
        var bytes = frame.Payload.ToArray();
        bytes[4] = 9;
        var e = Assert.Throws<ProtocolException>(() => GreetingCodec.ReadHello(new Frame(FrameType.Hello, bytes)));
        Assert.Contains("version 9", e.Message);
        Assert.Contains($"version {GreetingCodec.Version}", e.Message);
    }

    [Fact]
    public void Another_frame_or_magic_is_refused()
    {
        Assert.Throws<ProtocolException>(() => GreetingCodec.ReadHello(new Frame(FrameType.Records, "QLOG"u8.ToArray())));
        Assert.Throws<ProtocolException>(() => GreetingCodec.ReadHello(new Frame(FrameType.Hello, "HTTP/1.1"u8.ToArray())));
        Assert.Throws<ProtocolException>(() => GreetingCodec.ReadHello(new Frame(FrameType.Hello, "QL"u8.ToArray())));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("it is not there")]
    public void The_answer_to_a_journal_survives_the_way(string? fault)
    {
        var frame = Frame(writer => GreetingCodec.WriteJournalAnswer(writer, fault));
        Assert.Equal((FrameType.JournalAnswer, fault), (frame.Type, GreetingCodec.ReadJournalAnswer(frame)));
        for (var length = 0; length < frame.Payload.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => GreetingCodec.ReadJournalAnswer(new Frame(FrameType.JournalAnswer, frame.Payload[..length])));
        }
    }

    private static Frame Frame(Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        write(writer);
        ReadOnlyMemory<byte> bytes = writer.WrittenMemory;
        Assert.True(FrameReader.TryRead(ref bytes, int.MaxValue - 4, out var frame, out _));
        return frame;
    }
}

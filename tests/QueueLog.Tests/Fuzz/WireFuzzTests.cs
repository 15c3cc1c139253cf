using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Fuzz;

public sealed class WireFuzzTests
{
    private const int Count = 20_000;

    private static readonly TemplateFormatter Formatter = new(
        "{Timestamp:yyyy-MM-dd HH:mm:ss,fff} {Timestamp:o} {Process,-10} {Pid} {Worker} {Item} {Attempt} {Category} {Sequence} {Caller} {Level,-11} {Message} {Properties} {Exception}");

    [Fact]
    public void Frames() =>
        Fuzzer.Run(
            Count,
            random => Fuzzer.Mutate(random, [.. Encoded.Hello(), .. Encoded.Batch(Encoded.Record("one")), .. Encoded.Frame(FrameType.Doorbell)]),
            bytes =>
            {
                ReadOnlyMemory<byte> rest = bytes;
                var before = rest.Length;
                int missing;
                while (FrameReader.TryRead(ref rest, ProtocolLimits.MaxGreetingLength, out var frame, out missing))
                {
                    Assert.InRange(frame.Payload.Length, 0, ProtocolLimits.MaxGreetingLength - 1);
                    Assert.Equal(before - FrameReader.HeaderLength - frame.Payload.Length, rest.Length);
                    before = rest.Length;
                }

                Assert.InRange(missing, 1, ProtocolLimits.MaxGreetingLength + 4);
            });

    [Fact]
    public void Hellos() => Greetings(Encoded.Hello("Köln"), frame => GreetingCodec.ReadHello(frame));

    [Fact]
    public void Welcomes()
    {
        var output = new ByteWriter();
        GreetingCodec.WriteWelcome(output, new ListenerIdentity(1, "p", "name", "/logs/ä.log", LogLevel.Debug, new JournalOffer("/dev/shm/x", 4096, OverflowMode.DropBelow, LogLevel.Error)));
        Greetings(output.Written.ToArray(), frame => GreetingCodec.ReadWelcome(frame));
    }

    [Fact]
    public void Journals()
    {
        Greetings(Encoded.Journal("/dev/shm/x/1.ring"), frame => GreetingCodec.ReadJournal(frame));
        Greetings(Encoded.Journal(null, "no room"), frame => GreetingCodec.ReadJournal(frame));
    }

    [Fact]
    public void Records_that_are_taken_can_be_formatted()
    {
        byte[] batch = [.. Rich(), .. Encoded.Record("two"), .. Rich()];
        var output = new ByteWriter(1024 * 1024);
        Fuzzer.Run(
            Count,
            random => Fuzzer.Mutate(random, batch),
            bytes =>
            {
                ReadOnlySpan<byte> rest = bytes;
                while (RecordCodec.TryRead(ref rest, Encoded.Sender, out var record))
                {
                    output.Clear();
                    Formatter.Format(in record, output);
                }
            });
    }

    [Fact]
    public void Definitions() => Works(
        writer => WorkCodec.WriteDefinition(writer, new WorkDefinition
        {
            Id = 7,
            Script = "param($i) $i * 2",
            Initialization = "$x = 1",
            Splat = true,
            Location = "/tmp",
            Culture = "de-DE",
            UICulture = "en-US",
            Arguments = [[1, 2], []],
            UsingValues = [new NamedValue("key", [3])],
            Preferences = [new NamedValue("VerbosePreference", [4, 5])],
            ScriptPlace = new ScriptPlace { File = "/tmp/a.ps1", Line = 12, Column = 300, Namespaces = ["System.IO"] },
            Modules = ["Pester"],
            Functions = [new CarriedFunction("f", "filter f { $_ }", IsBody: false, new ScriptPlace { File = "/tmp/b.ps1", Line = 3, Column = 4 })],
            Aliases = [new CarriedAlias("x", "f")],
        }),
        bytes => WorkCodec.ReadDefinition(bytes));

    [Fact]
    public void Worker_greetings()
    {
        Works(writer => WorkCodec.WriteHello(writer, "token", 42), bytes => WorkCodec.ReadHello(bytes));
        Works(writer => WorkCodec.WriteReady(writer, 3, "InitializationFailed", "why"), bytes => WorkCodec.ReadReady(bytes));
    }

    [Fact]
    public void Errors() => Works(
        writer => WorkEntryCodec.WriteError(writer, new WorkError
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
        }),
        bytes => WorkEntryCodec.ReadError(bytes));

    [Fact]
    public void Informations() => Works(
        writer => WorkEntryCodec.WriteInformation(writer, new WorkInformation { Message = [2, 65], Source = "s", Tags = ["PSHOST", "x"], User = "u", Computer = "c", ProcessId = 9, UtcTicks = 638_000_000_000_000_000 }),
        bytes => WorkEntryCodec.ReadInformation(bytes));

    [Fact]
    public void Entries() => Works(
        writer =>
        {
            for (var kind = WorkEntryKind.Output; kind <= WorkEntryKind.Progress; kind++)
            {
                var entry = WorkEntryCodec.BeginEntry(writer, kind, 5);
                if (kind == WorkEntryKind.Progress)
                {
                    WorkEntryCodec.WriteProgress(writer, new WorkProgress { Activity = "a", Status = "s", Operation = "o", Percent = 5 });
                }
                else
                {
                    writer.WriteBytes(new byte[WorkEntryCodec.EndedLength]);
                }

                WorkEntryCodec.EndEntry(writer, entry);
            }
        },
        bytes =>
        {
            ReadOnlySpan<byte> rest = bytes;
            while (WorkEntryCodec.TryRead(ref rest, out var entry))
            {
                if (entry.Kind == WorkEntryKind.Ended)
                {
                    WorkEntryCodec.ReadEnded(entry.Body);
                }
                else if (entry.Kind == WorkEntryKind.Progress)
                {
                    WorkEntryCodec.ReadProgress(entry.Body);
                }
            }
        });

    [Fact]
    public void Values()
    {
        object?[] values = [null, "text", "\ud800", 1, 2L, 1.5, 2.5f, 1.1m, 'c', (byte)1, (ushort)2, DateTime.UnixEpoch, TimeSpan.FromDays(1), Guid.Empty, new byte[] { 1, 2 }, true];
        foreach (var value in values)
        {
            Works(writer => Assert.True(ValueCodec.TryWrite(writer, value)), bytes => ValueCodec.Read(bytes, out _), Count / values.Length);
        }
    }

    private static byte[] Rich()
    {
        var record = new LogRecord
        {
            Timestamp = new DateTimeOffset(2026, 3, 4, 15, 6, 7, TimeSpan.FromHours(2)),
            Level = LogLevel.Error,
            Message = "item 3 of größe",
            Template = "item {Item} of {Size}",
            Category = "Jobs",
            Process = "Worker-1",
            Pid = 7,
            Worker = "w",
            Item = 3,
            Attempt = 2,
            Caller = "import.ps1:42",
            Exception = Some.Exception(),
            Properties = new LogProperties(
            [
                new("Item", 3), new("Size", "größe"), new("When", DateTimeOffset.UnixEpoch), new("Ratio", 0.5), new("Done", true), new("Nothing", null),
            ]),
        };
        return QueueLog.Client.RecordEncoder.Encode(record, QueueLog.Client.LocalClock.Default).Written.ToArray();
    }

    private static void Greetings(byte[] good, Action<Frame> read) =>
        Fuzzer.Run(
            Count,
            random => Fuzzer.Mutate(random, good[FrameReader.HeaderLength..]),
            bytes => read(new Frame((FrameType)good[4], bytes)));

    private static void Works(Action<ByteWriter> write, Action<byte[]> read, int count = Count)
    {
        var writer = new ByteWriter();
        write(writer);
        var good = writer.Written.ToArray();
        Fuzzer.Run(count, random => Fuzzer.Mutate(random, good), read);
    }
}

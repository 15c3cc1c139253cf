using QueueLog.Pool.Child;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>What a pool and its workers tell each other.</summary>
internal static class WorkInputs
{
    // The two kinds of greeting are told apart by their frame; here by a byte in front.
    public static void WriteGreeting(Random random, ByteWriter output)
    {
        if (Sample.Bool(random))
        {
            output.WriteByte((byte)FrameType.WorkerHello);
            WorkCodec.WriteHello(output, Sample.Text(random), random.Next());
        }
        else
        {
            output.WriteByte((byte)FrameType.WorkerReady);
            WorkCodec.WriteReady(output, random.Next(), Sample.Text(random), Sample.Text(random));
        }
    }

    public static void ReadGreeting(byte[] input)
    {
        if (input.Length > 0)
        {
            _ = input[0] == (byte)FrameType.WorkerHello ? WorkCodec.ReadHello(input.AsSpan(1)).Token : WorkCodec.ReadReady(input.AsSpan(1)).ErrorId;
        }
    }

    public static void WriteDefinition(Random random, ByteWriter output) => WorkCodec.WriteDefinition(output, new WorkDefinition
    {
        Id = random.Next(),
        Script = Sample.Text(random),
        Initialization = Sample.Text(random),
        Splat = Sample.Bool(random),
        Location = Sample.Text(random),
        Culture = Sample.Text(random),
        UICulture = Sample.Text(random),
        Arguments = Several(random, Sample.Bytes),
        UsingValues = Several(random, Named),
        Preferences = Several(random, Named),
        IsLocationGiven = Sample.Bool(random),
        ScriptLocation = Place(random),
        InitializationLocation = Place(random),
        Modules = Several(random, static made => new CarriedModule(Sample.Text(made), Sample.Text(made), Several(made, Sample.Bytes), Several(made, Sample.Text))),
        Functions = Several(random, made => new CarriedFunction(Sample.Text(made), Sample.Text(made), Sample.Bool(made), Place(made))),
        Aliases = Several(random, made => new CarriedAlias(Sample.Text(made), Sample.Text(made))),
        Types = Several(random, made => new CarriedScript(Sample.Text(made), Place(made))),
    });

    public static void ReadDefinition(byte[] input) => WorkCodec.ReadDefinition(input);

    public static void WriteItems(Random random, ByteWriter output)
    {
        output.WriteInt32(random.Next());
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            WorkCodec.WriteItem(output, new WorkItem(random.Next(), input: null, Sample.Bytes(random)));
        }
    }

    public static void ReadItems(byte[] input)
    {
        var queue = new WorkQueue();
        queue.AddItems(input);
        while (queue.HasMore)
        {
            queue.DequeueItem(out _, out _, out _);
        }
    }

    public static void WriteEntries(Random random, ByteWriter output)
    {
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            var kind = (WorkEntryKind)random.Next((int)WorkEntryKind.Output, (int)WorkEntryKind.Progress + 1);
            var entry = WorkEntryCodec.BeginEntry(output, kind, Sample.Number(random));
            WriteBody(random, output, kind);
            WorkEntryCodec.EndEntry(output, entry);
        }
    }

    public static void ReadEntries(byte[] input)
    {
        ReadOnlySpan<byte> payload = input;
        while (WorkEntryCodec.TryRead(ref payload, out var entry))
        {
            switch (entry.Kind)
            {
                case WorkEntryKind.Output:
                    ValueCodec.Read(entry.Body, out _);
                    break;
                case WorkEntryKind.Error or WorkEntryKind.Failure:
                    WorkEntryCodec.ReadError(entry.Body);
                    break;
                case WorkEntryKind.Information:
                    WorkEntryCodec.ReadInformation(entry.Body);
                    break;
                case WorkEntryKind.Ended:
                    WorkEntryCodec.ReadEnded(entry.Body);
                    break;
                case WorkEntryKind.Progress:
                    WorkEntryCodec.ReadProgress(entry.Body);
                    break;
                default:
                    WorkEntryCodec.ReadText(entry.Body);
                    break;
            }
        }
    }

    public static void WriteValue(Random random, ByteWriter output)
    {
        if (random.Next(20) == 0)
        {
            ValueCodec.WriteClixml(output, Sample.Text(random));
        }
        else
        {
            ValueCodec.TryWrite(output, Sample.PipelineValue(random));
        }
    }

    public static void ReadValue(byte[] input) => ValueCodec.Read(input, out _);

    private static void WriteBody(Random random, ByteWriter output, WorkEntryKind kind)
    {
        switch (kind)
        {
            case WorkEntryKind.Output:
                WriteValue(random, output);
                break;
            case WorkEntryKind.Error or WorkEntryKind.Failure:
                WorkEntryCodec.WriteError(output, new WorkError
                {
                    ExceptionType = Sample.Text(random),
                    Message = Sample.Text(random),
                    ErrorId = Sample.Text(random),
                    Category = random.Next(),
                    ScriptStackTrace = Sample.Text(random),
                    Details = Sample.Text(random),
                    Target = Sample.Bytes(random),
                });
                break;
            case WorkEntryKind.Information:
                WorkEntryCodec.WriteInformation(output, new WorkInformation
                {
                    Message = Sample.Bytes(random),
                    IsHostMessage = Sample.Bool(random),
                    Foreground = random.Next(-1, 16),
                    Background = random.Next(-1, 16),
                    NoNewLine = Sample.Bool(random),
                    Source = Sample.Text(random),
                    Tags = Several(random, Sample.Text),
                    User = Sample.Text(random),
                    Computer = Sample.Text(random),
                    ProcessId = random.Next(),
                    UtcTicks = Sample.Number(random),
                });
                break;
            case WorkEntryKind.Ended:
                Span<byte> body = stackalloc byte[WorkEntryCodec.EndedLength];
                WorkEntryCodec.WriteEnded(body, (ItemOutcome)random.Next(4), Sample.Number(random), random.NextInt64(DateTime.MaxValue.Ticks + 1), random.Next(2) == 0 ? null : random.Next());
                output.WriteBytes(body);
                break;
            case WorkEntryKind.Progress:
                WorkEntryCodec.WriteProgress(output, new WorkProgress
                {
                    ActivityId = random.Next(),
                    ParentId = random.Next(-1, 5),
                    Activity = Sample.Text(random),
                    Status = Sample.Text(random),
                    Operation = Sample.Text(random),
                    Percent = random.Next(-1, 101),
                    SecondsRemaining = random.Next(),
                    IsCompleted = Sample.Bool(random),
                });
                break;
            default:
                output.WriteUtf8(Sample.Text(random));
                break;
        }
    }

    private static ScriptLocation Place(Random random) => new() { File = Sample.Text(random), Line = random.Next(), Column = random.Next(), Namespaces = Several(random, Sample.Text) };

    private static NamedValue Named(Random random) => new(Sample.Text(random), Sample.Bytes(random));

    internal static T[] Several<T>(Random random, Func<Random, T> make) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => make(random))];
}

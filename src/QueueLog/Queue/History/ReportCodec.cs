using QueueLog.Pool;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Queue.History;

/// <summary>Encodes and decodes what came of a chunk's items.</summary>
// parts   = count:varint part{count}
// part    = kind:u8 worker:text (results | end | line)
// results = entries:bytes count:varint end{count}          entries, see WorkEntryCodec
// line    = error:u8 text:text
// end     = index:i64 status:u8 pid:i32 started:i64 duration:i64 exitcode death:u8 death?
//           UTC ticks, and ticks; -1 for not known
// death   = pid:i32 exitcode greeted:u8 host:text lines:texts records:texts
// exitcode = known:u8 code:i32           texts = count:varint text*
internal static class ReportCodec
{
    private const byte ResultsKind = 1;
    private const byte LostKind = 2;
    private const byte LineKind = 3;
    private const int NotKnown = -1;

    public static void Write(ByteWriter output, IReadOnlyList<ReportPart> parts)
    {
        output.WriteVarInt(parts.Count);
        foreach (var part in parts)
        {
            output.WriteByte(part switch { ResultsPart => ResultsKind, LostPart => LostKind, _ => LineKind });
            output.WriteText(part.Worker);
            switch (part)
            {
                case ResultsPart results:
                    WorkCodec.WriteBlob(output, results.Entries.Span);
                    output.WriteVarInt(results.Ends.Length);
                    foreach (var end in results.Ends)
                    {
                        WriteEnd(output, end);
                    }

                    break;
                case LostPart lost:
                    WriteEnd(output, lost.End);
                    break;
                case LinePart line:
                    WriteFlag(output, line.IsError);
                    output.WriteText(line.Text);
                    break;
            }
        }
    }

    /// <summary>Reads parts that fill a blob.</summary>
    /// <exception cref="ProtocolException">They are none.</exception>
    public static ReportPart[] Read(ReadOnlySpan<byte> content)
    {
        var reader = new SpanReader(content);
        var parts = Read(ref reader);
        WorkCodec.ExpectEnd(reader);
        return parts;
    }

    /// <exception cref="ProtocolException">They are none.</exception>
    public static ReportPart[] Read(ref SpanReader reader)
    {
        var parts = new ReportPart[WorkCodec.ReadCount(ref reader)];
        for (var i = 0; i < parts.Length; i++)
        {
            var kind = reader.ReadByte();
            var worker = WorkCodec.ReadString(ref reader);
            parts[i] = kind switch
            {
                ResultsKind => new ResultsPart(worker, WorkCodec.ReadBlob(ref reader).ToArray(), ReadEnds(ref reader)),
                LostKind => new LostPart(worker, ReadEnd(ref reader)),
                LineKind => new LinePart(worker, reader.ReadByte() != 0, WorkCodec.ReadString(ref reader)),
                _ => throw new ProtocolException($"A report has a part of the unknown kind {kind}."),
            };
        }

        return parts;
    }

    private static void WriteEnd(ByteWriter output, ReportedEnd end)
    {
        output.WriteInt64(end.Index);
        output.WriteByte((byte)end.Status);
        output.WriteInt32(end.Pid);
        output.WriteInt64(end.Started?.UtcTicks ?? NotKnown);
        output.WriteInt64(end.Duration?.Ticks ?? NotKnown);
        WriteExitCode(output, end.ExitCode);
        WriteFlag(output, end.Death is not null);
        if (end.Death is { } death)
        {
            output.WriteInt32(death.Pid);
            WriteExitCode(output, death.ExitCode);
            WriteFlag(output, death.HasGreeted);
            output.WriteText(death.HostFate ?? "");
            WorkCodec.WriteTexts(output, death.LastLines);
            WorkCodec.WriteTexts(output, death.LastRecords);
        }
    }

    private static ReportedEnd[] ReadEnds(ref SpanReader reader)
    {
        var ends = new ReportedEnd[WorkCodec.ReadCount(ref reader)];
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = ReadEnd(ref reader);
        }

        return ends;
    }

    private static ReportedEnd ReadEnd(ref SpanReader reader)
    {
        var index = reader.ReadInt64();
        var status = (ItemStatus)reader.ReadByte();
        var pid = reader.ReadInt32();
        var started = reader.ReadInt64();
        var duration = reader.ReadInt64();
        if (status > ItemStatus.Skipped || started < NotKnown || started > DateTime.MaxValue.Ticks || duration < NotKnown)
        {
            throw new ProtocolException($"Item {index} ended with the status {(byte)status}, begun at {started}, after {duration}.");
        }

        return new ReportedEnd(index, status, pid)
        {
            Started = started == NotKnown ? null : new DateTimeOffset(started, TimeSpan.Zero),
            Duration = duration == NotKnown ? null : TimeSpan.FromTicks(duration),
            ExitCode = ReadExitCode(ref reader),
            Death = reader.ReadByte() == 0 ? null : ReadDeath(ref reader),
        };
    }

    private static WorkerDeath ReadDeath(ref SpanReader reader)
    {
        var pid = reader.ReadInt32();
        var exitCode = ReadExitCode(ref reader);
        var hasGreeted = reader.ReadByte() != 0;
        var fate = WorkCodec.ReadString(ref reader);
        return new WorkerDeath(pid, exitCode, WorkCodec.ReadTexts(ref reader)) { HasGreeted = hasGreeted, HostFate = fate.Length > 0 ? fate : null, LastRecords = WorkCodec.ReadTexts(ref reader) };
    }

    private static void WriteFlag(ByteWriter output, bool flag) => output.WriteByte(flag ? (byte)1 : (byte)0);

    private static void WriteExitCode(ByteWriter output, int? code)
    {
        WriteFlag(output, code is not null);
        output.WriteInt32(code ?? 0);
    }

    private static int? ReadExitCode(ref SpanReader reader)
    {
        var isKnown = reader.ReadByte() != 0;
        var code = reader.ReadInt32();
        return isKnown ? code : null;
    }
}

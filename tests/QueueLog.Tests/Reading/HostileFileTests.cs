using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using QueueLog.Formatting;
using QueueLog.Reading;
using QueueLog.Reading.Files;
using QueueLog.Reading.Formats;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading;

/// <summary>Files that nobody wrote as they are: cut, mixed, random.</summary>
public sealed partial class HostileFileTests
{
    private static readonly string[] Pieces =
    [
        "\n", "\r\n", "    ", "        ", " ", "# QueueLog: json\n", "# QueueLog: csv\n", "# QueueLog: logfmt\n", "# QueueLog: text {Level,11} {Message}\n",
        "# QueueLog: text {Message}{NewLine}{Exception}\n", "# QueueLog: text {\n", "# QueueLog:", "\uFEFF", "{\"@t\":\"2026-03-04T15:00:01.0000000+02:00\",\"@m\":\"x\"}\n", "{\"@t\":",
        "ts=2026-03-04T15:00:01.0000000+02:00 level=info msg=\"a b\" x=1\n", "ts=", "Timestamp,Level,Process\n", "2026-03-04T15:00:01.0000000+02:00,Error,p\n",
        "2026-03-04 15:06:07,123 Worker-1   Information hello\n", "2026-03-04 15:06:07,123", "    System.IO.IOException: no\n        at X\n", "\"", "\\", "\0", "ä", "Warning x\n",
    ];

    private static readonly Gen<byte[]> Files = Gen.OneOf(
        Gen.Int[0, Pieces.Length - 1].Array[0, 30].Select(indexes => Encoding.UTF8.GetBytes(string.Concat(indexes.Select(index => Pieces[index])))),
        Gen.Byte.Array[0, 200],
        Gen.Select(SomeRecord.Any.Array[1, 3], Gen.Enum<LogFormat>(), Gen.Int[0, 2000], Cut));

    [Fact]
    public void Where_blocks_end_makes_no_difference() => Files.Sample(
        file =>
        {
            var whole = Read(file, 64 * 1024);
            Assert.Equal(whole, Read(file, 16));
            Assert.Equal(whole, Read(file, 61));
        },
        iter: 5_000,
        threads: 1);

    [Fact]
    public void Every_byte_is_part_of_an_entry_or_a_heading_and_of_no_other() => Files.Sample(
        file =>
        {
            long end = 0;
            foreach (var (offset, length) in Places(file))
            {
                Assert.True(offset >= end);
                end = offset + length;
            }

            Assert.True(end <= file.Length);
        },
        iter: 5_000,
        threads: 1);

    [Fact]
    public void A_file_without_a_line_break_is_read_in_bounded_memory()
    {
        using var source = new EndlessSource((byte)'x', 400_000_000);
        var places = new List<long>();
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = new EntryReader(source, Formats()) { ReportTooLong = places.Add };
        Assert.False(reader.Read(EndOfData.Final, out _));
        Assert.Equal([0], places);
        Assert.Equal(400_000_000, reader.Position);

        // As the buffer grows it is allocated again and again, each time twice as long.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2.5 * ReadLimits.LongestEntry);
    }

    private static byte[] Cut(SampleRecord[] records, LogFormat format, int length)
    {
        var formatter = RecordFormat.Create(format);
        var bytes = Encoding.UTF8.GetBytes("# QueueLog: " + format.ToString().ToLowerInvariant() + "\n" + string.Concat(records.Select(formatter.Format)));
        return bytes[..Math.Min(length, bytes.Length)];
    }

    private static FormatFinder Formats() => new(null, LogFixture.Zone, new DateTime(2026, 12, 31));

    private static List<string> Read(byte[] file, int blockLength)
    {
        using var reader = new EntryReader(new MemorySource(file), Formats(), blockLength: blockLength);
        var entries = new List<string>();
        while (reader.Read(EndOfData.Final, out var entry))
        {
            entries.Add($"{entry.Offset} {entry.State} {entry.IsUnfinished} {SameRecord.Describe(in entry.Record)}");
        }

        return entries;
    }

    private static List<(long Offset, int Length)> Places(byte[] file)
    {
        // A lone carriage return is a line break, wherever it stands.
        var text = Encoding.Latin1.GetBytes(LoneReturn().Replace(Encoding.Latin1.GetString(file), "\n"));
        using var reader = new EntryReader(new MemorySource(file), Formats(), blockLength: 64);
        var places = new List<(long, int)>();
        while (reader.Read(EndOfData.Final, out var entry))
        {
            Assert.True(text.AsSpan((int)entry.Offset).StartsWith(entry.Text));
            places.Add((entry.Offset, entry.Text.Length));
        }

        return places;
    }

    [GeneratedRegex("\r(?!\n|$(?!\n))")]
    private static partial Regex LoneReturn();

    private sealed class EndlessSource(byte value, long length) : ByteSource
    {
        private long position;

        public override long Position => position;

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - position);
            buffer[..count].Fill(value);
            position += count;
            return count;
        }

        public override void Dispose()
        {
        }
    }
}

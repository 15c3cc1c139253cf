using System.Text;
using CsCheck;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Reading;
using QueueLog.Reading.Files;
using QueueLog.Reading.Formats;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Reading;

/// <summary>What a format that keeps all fields has written is read back as the same record. Its files are compressed past a fault point.</summary>
[Collection(nameof(FaultPointCollection))]
public sealed class RoundTripTests
{
    private static readonly LogFormat[] Lossless = [LogFormat.Json, LogFormat.Logfmt, LogFormat.Csv];

    [Fact]
    public void Json_keeps_every_record() => Keeps(LogFormat.Json, new JsonEntryParser());

    [Fact]
    public void Logfmt_keeps_every_record() => Keeps(LogFormat.Logfmt, new LogfmtEntryParser());

    [Fact]
    public void Csv_keeps_every_record() => Keeps(LogFormat.Csv, new CsvEntryParser());

    [Fact]
    public void Listeners_that_roll_compress_and_change_their_format_keep_every_record_in_order()
    {
        Gen.Select(Gen.Int[0, 2].Select(index => Lossless[index]), SomeRecord.Any.Array[1, 12], Gen.Int[1, 2000]).Array[1, 3].Sample(
            runs =>
            {
                using var folder = new TempFolder();
                var failures = new FailureLog();
                var path = folder.Combine("log", "run.log");
                foreach (var (format, records, size) in runs)
                {
                    var options = new RollingFileOptions { Path = path, MaxFileSize = size, MaxFiles = 1000, Compress = true };
                    using var sink = FileSinkFactory.Create(options, RecordFormat.Create(format), new FileLockScope(folder.Path, "pipe"), failures);
                    Array.ForEach(records, sink.Deliver);
                    sink.Flush();
                }

                Assert.Empty(failures.GetRecent());
                var written = new Queue<(SampleRecord Record, LogFormat Format)>(runs.SelectMany(run => run.Item2.Select(record => (record, run.Item1))));
                foreach (var segment in LogFileSet.Open(path, _ => Assert.Fail("unreadable")))
                {
                    using (segment)
                    using (var reader = new EntryReader(segment.Read(), new FormatFinder(null, LogFixture.Zone, DateTime.MaxValue)))
                    {
                        while (reader.Read(EndOfData.Final, out var entry))
                        {
                            var (record, format) = written.Dequeue();
                            var view = Expected(record, format);
                            SameRecord.Assert(in view, in entry);
                        }
                    }
                }

                Assert.Empty(written);
            },
            iter: 150,
            threads: 1);
    }

    // Json keeps structures; elsewhere what is within has become properties.
    private static RecordView Expected(SampleRecord record, LogFormat format)
    {
        var view = record.View;
        if (format != LogFormat.Json)
        {
            var output = new ByteWriter();
            var properties = new FlatProperties().Of(view.ReadProperties());
            while (properties.Read())
            {
                output.WriteText(properties.Name);
                properties.CopyValueTo(output);
            }

            view.Properties = output.Written.ToArray();
        }

        return view;
    }

    private static void Keeps(LogFormat format, EntryParser parser)
    {
        var formatter = RecordFormat.Create(format);
        SomeRecord.Any.Sample(
            record =>
            {
                var line = Encoding.UTF8.GetBytes(formatter.Format(record));
                Assert.Equal(line.Length - 1, line.AsSpan().IndexOf((byte)'\n'));
                var entry = parser.Parse(line.AsSpan(0, line.Length - 1));
                var view = Expected(record, format);
                SameRecord.Assert(in view, in entry);
            },
            iter: 20_000,
            threads: 1);
    }
}

using BenchmarkDotNet.Attributes;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Wire;

namespace QueueLog.Bench.Micro;

/// <summary>What the listener does with a batch: decode, format by the default template, write to the file.</summary>
[MemoryDiagnoser]
public class RollingFile
{
    private const int Records = 1000;
    private static readonly ClientIdentity Sender = new(1, "pwsh", null);

    private DirectoryInfo folder = null!;
    private IFileSink sink = null!;
    private byte[] batch = [];

    /// <summary>Bytes before a new file is begun; 0 for never.</summary>
    [Params(0, 1024 * 1024)]
    public long MaxFileSize { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        folder = Directory.CreateTempSubdirectory("queuelog-bench-");
        var writer = new ByteWriter();
        for (var i = 0; i < Records; i++)
        {
            writer.WriteBytes(RecordEncoder.Encode(new RecordDraft { Message = "record {Number} of {Total}", Arguments = new object?[] { i, Records } }, LocalClock.Default).Written);
        }

        batch = writer.Written.ToArray();
        var options = new RollingFileOptions { Path = Path.Combine(folder.FullName, "run.log"), MaxFileSize = MaxFileSize == 0 ? null : MaxFileSize, MaxFiles = 2 };
        sink = FileSinkFactory.Create(options, new TemplateFormatter(), new FileLockScope(folder.FullName, "bench"), new FailureLog());
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        sink.Dispose();
        folder.Delete(recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public void DecodeFormatWrite()
    {
        ReadOnlySpan<byte> rest = batch;
        while (RecordCodec.TryRead(ref rest, Sender, out var record))
        {
            sink.Write(in record);
            if (sink.NeedsRoll)
            {
                sink.Flush(withoutLast: true);
                sink.Roll();
            }
        }

        sink.Flush();
    }
}

using Serilog;
using Serilog.Core;

namespace QueueLog.Bench.Writers;

/// <summary>Serilog's file sink in the mode that lets processes share a file.</summary>
internal sealed class SerilogWriter(string path, string name) : RecordWriter
{
    public const string Kind = "serilog";

    private readonly Logger logger = new LoggerConfiguration()
        .Enrich.WithProperty("Process", name)
        .WriteTo.File(
            path,
            outputTemplate: "{Timestamp:yyyy-MM-dd HH:mm:ss,fff} {Process,-10} {Level,-11} {Message:lj}{NewLine}",
            formatProvider: null,
            fileSizeLimitBytes: null,
            shared: true)
        .CreateLogger();

    public override void Write(int number, int total) => logger.Information("record {Number} of {Total}", number, total);

    public override void Dispose() => logger.Dispose();
}

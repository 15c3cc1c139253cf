using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Formatting;

public sealed class FormatAllocationTests
{
    [Theory]
    [InlineData(LogFormat.Text)]
    [InlineData(LogFormat.Json)]
    [InlineData(LogFormat.Logfmt)]
    [InlineData(LogFormat.Csv)]
    public void Formatting_allocates_nothing(LogFormat format)
    {
        var formatter = RecordFormat.Create(format);
        var output = new ByteWriter(1 << 20);
        var record = new SampleRecord
        {
            MessageBytes = [.. "a,\"b\"\n\u001b – \\u0041"u8, 0xFF, (byte)'x'],
            Template = "a {B}",
            Category = "Db",
            Item = 3,
            Worker = "Worker-1",
            Exception = Some.Exception(),
        };
        var view = record.With("Count", 5).With("Text", "x\ty").With("Größe €", 1.0).With("Nothing", null).With("Yes", true)
            .With("When", DateTimeOffset.UnixEpoch).With("Level", "NaN").With("@t", double.NaN).View;

        // What the runtime allocates while it compiles the code anew is not the code's own, and comes at no certain time.
        var least = long.MaxValue;
        for (var round = 0; round < 20 && least > 0; round++)
        {
            least = Math.Min(least, Run(formatter, view, output));
        }

        Assert.Equal(0, least);
    }

    private static long Run(IRecordFormatter formatter, RecordView view, ByteWriter output)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++)
        {
            view.UtcTicks += 7_654_321;
            formatter.Format(in view, output);
        }

        output.Clear();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

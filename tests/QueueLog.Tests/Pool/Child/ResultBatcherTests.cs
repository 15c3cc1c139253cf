using System.IO.Pipelines;
using QueueLog.Pool.Child;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool.Child;

public sealed class ResultBatcherTests
{
    [Fact]
    public async Task The_end_of_an_item_is_sent_soon_though_others_are_to_come_which_may_take_for_ever()
    {
        var pipe = new Pipe();
        await using var sender = new PipeConnection(pipe.Writer.AsStream());
        await using var receiver = new PipeConnection(pipe.Reader.AsStream());
        using var batcher = new ResultBatcher(sender);
        batcher.AppendEnd(7, ItemOutcome.Completed, startedAt: 0, startedUtcTicks: 0, exitCode: null, moreToCome: true);
        var frame = await receiver.ReadAsync(CancellationToken.None).AsTask().WaitAsync(TestTimeout.Limit);
        Assert.Equal(FrameType.Results, frame!.Value.Type);
        var payload = frame.Value.Payload.Span;
        Assert.True(WorkEntryCodec.TryRead(ref payload, out var entry));
        Assert.Equal((WorkEntryKind.Ended, 7L), (entry.Kind, entry.Index));
    }
}

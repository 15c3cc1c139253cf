using QueueLog.FaultActor;
using QueueLog.Journal;

namespace QueueLog.Tests.Faults;

/// <summary>That the fault tests can fail: here the journal is really broken, and they must see it.</summary>
public sealed class FaultControlTests
{
    private const long FileSize = 10_000_000;

    [Fact]
    public async Task Without_a_checkpoint_records_come_twice()
    {
        using var stage = new FaultStage(FileSize);
        var listener = stage.StartListener(new FaultDeath(JournalFault.BatchWritten, 5) { Ruin = Ruin.CheckpointLost });
        await listener.WaitUntilReadyAsync();
        await stage.StartWriter(WriterLoad.Steady).Process.WaitUntilReadyAsync();
        listener.Send("arm");
        await listener.WaitUntilKilledAsync();

        Assert.Contains(await stage.FinishAsync(), problem => problem.Contains("repeated: w1.0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tail_that_moves_before_the_copy_leaves_a_record_that_is_none()
    {
        var problems = await RunAsync(new FaultDeath(JournalFault.RecordCopied, 100) { Ruin = Ruin.RecordEmpty });
        Assert.Contains(problems, problem => problem.Contains("the listener complains", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tail_that_moves_in_mid_copy_leaves_a_broken_line()
    {
        var problems = await RunAsync(new FaultDeath(JournalFault.RecordCopied, 100) { Ruin = Ruin.RecordTorn });
        Assert.Contains(problems, problem => problem.Contains("broken: Information", StringComparison.Ordinal));
    }

    // Whoever reads the ring in between finds a tail that has gone back, and says so.
    [Fact]
    public async Task A_tail_that_has_not_moved_when_a_write_returns_loses_the_record()
    {
        var problems = await RunAsync(new FaultDeath(JournalFault.RecordCommitted, 100) { Ruin = Ruin.CommitLost });
        Assert.Contains(problems, problem => problem.Contains("missing: thread 0 had handed over", StringComparison.Ordinal)
            || problem.Contains("cannot be read beyond", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> RunAsync(FaultDeath death)
    {
        using var stage = new FaultStage(FileSize);
        var listener = stage.StartListener();
        await listener.WaitUntilReadyAsync();
        var writer = stage.StartWriter(WriterLoad.Steady, death);
        writer.Process.Send("arm");
        await writer.Process.WaitUntilKilledAsync();
        writer.IsKilled = true;
        return await stage.FinishAsync(listener);
    }
}

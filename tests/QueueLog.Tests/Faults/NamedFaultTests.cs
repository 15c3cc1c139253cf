using QueueLog.FaultActor;
using QueueLog.Journal;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Tests.Faults;

public sealed class NamedFaultTests
{
    // A few lines over some thousands of bytes: a roll comes soon.
    private const long FileSize = 32 * 1024;

    private static readonly JournalFault[] OfWriter = [JournalFault.RecordCopied, JournalFault.RecordCommitted];

    // Not InRecovery: a listener comes there only behind another that has died.
    private static readonly JournalFault[] OfListener =
        [JournalFault.BatchFormatted, JournalFault.CheckpointWritten, JournalFault.BatchWritten, JournalFault.HeadsMoved, JournalFault.InRoll];

    public static TheoryData<string> WriterPlaces => new(OfWriter.Select(place => place.ToString()));

    public static TheoryData<string> ListenerPlaces => new(OfListener.Select(place => place.ToString()));

    public static TheoryData<string> AllPlaces => new(OfWriter.Concat(OfListener).Select(place => place.ToString()));

    public static TheoryData<string, string> PlacesInARow => new(
        from first in OfListener
        from second in new[] { JournalFault.InRecovery, first }
        select (first.ToString(), second.ToString()));

    public static TheoryData<string, RollNames, string> PlacesOfRolls => new(
        from names in Enum.GetValues<RollNames>()
        from first in new[] { JournalFault.InRoll, JournalFault.InCompression, JournalFault.CompressedBesideOriginal }
        from second in new[] { JournalFault.InRoll, JournalFault.InCompression, JournalFault.BatchWritten }
        select (first.ToString(), names, second.ToString()));

    [Theory]
    [MemberData(nameof(PlacesOfRolls))]
    public async Task A_listener_that_compresses_dies_and_so_does_the_next(string first, RollNames names, string second)
    {
        using var stage = new FaultStage(FileSize) { Names = names, Compress = true };
        var listener = stage.StartListener(Choose(first));
        await listener.WaitUntilReadyAsync();
        await StartWritersAsync(stage, WriterLoad.Steady);
        await DieAsync(listener);

        var next = stage.StartListener(Choose(second));
        await next.WaitUntilReadyAsync();
        await DieAsync(next);
        FaultSeed.AssertNone(await stage.FinishAsync());
    }

    [Theory]
    [MemberData(nameof(WriterPlaces))]
    public async Task A_writer_dies(string place)
    {
        var death = Choose(place);
        using var stage = new FaultStage(FileSize);
        var listener = stage.StartListener();
        await listener.WaitUntilReadyAsync();
        var victim = stage.StartWriter(WriterLoad.Steady, death);
        await StartWritersAsync(stage, WriterLoad.Steady);

        await DieAsync(victim.Process);
        victim.IsKilled = true;
        FaultSeed.AssertNone(await stage.FinishAsync(listener));
    }

    [Fact]
    public async Task A_writer_dies_that_has_not_rung_for_a_sleeping_listener()
    {
        using var stage = new FaultStage(FileSize);
        var listener = stage.StartListener();
        await listener.WaitUntilReadyAsync();
        var victim = stage.StartWriter(WriterLoad.Quiet, new FaultDeath(JournalFault.RecordCommitted, FaultSeed.Begin(1).Next(1, 20)));
        await victim.Process.WaitUntilReadyAsync();

        await DieAsync(victim.Process);
        victim.IsKilled = true;
        await stage.WaitUntilEndIsToldAsync(victim);
        FaultSeed.AssertNone(await stage.FinishAsync(listener));
    }

    [Theory]
    [MemberData(nameof(ListenerPlaces))]
    public async Task A_listener_dies(string place)
    {
        var death = Choose(place);
        using var stage = new FaultStage(FileSize);
        var listener = stage.StartListener(death);
        await listener.WaitUntilReadyAsync();
        await StartWritersAsync(stage, WriterLoad.Steady);

        await DieAsync(listener);
        FaultSeed.AssertNone(await stage.FinishAsync());
    }

    [Fact]
    public async Task A_listener_dies_in_the_middle_of_a_write()
    {
        using var stage = new FaultStage(FileSize);
        var listener = stage.StartListener(Choose(nameof(JournalFault.CheckpointWritten)) with { Ruin = Ruin.BatchTorn });
        await listener.WaitUntilReadyAsync();
        await StartWritersAsync(stage, WriterLoad.Steady);

        await DieAsync(listener);
        FaultSeed.AssertNone(await stage.FinishAsync());
    }

    [Theory]
    [MemberData(nameof(PlacesInARow))]
    public async Task A_listener_dies_and_the_next_one_in_its_recovery(string first, string second)
    {
        var death = Choose(first);
        using var stage = new FaultStage(FileSize);
        var listener = stage.StartListener(death);
        await listener.WaitUntilReadyAsync();
        await StartWritersAsync(stage, WriterLoad.Steady);

        await DieAsync(listener);
        await stage.StartListener(new FaultDeath(Enum.Parse<JournalFault>(second)) { AtOnce = true }).WaitUntilKilledAsync();
        FaultSeed.AssertNone(await stage.FinishAsync());
    }

    [Theory]
    [MemberData(nameof(AllPlaces))]
    public async Task All_die_at_once(string place)
    {
        using var stage = new FaultStage(FileSize);
        var death = Choose(place) with { Victims = stage.Victims };
        var isWriter = OfWriter.Contains(death.Place);
        var listener = stage.StartListener(isWriter ? null : death);
        await listener.WaitUntilReadyAsync();
        var first = stage.StartWriter(WriterLoad.Steady, isWriter ? death : null);
        await StartWritersAsync(stage, WriterLoad.Steady);
        await DieTogetherAsync(stage, isWriter ? first.Process : listener, listener);
        FaultSeed.AssertNone(await FinishAnewAsync(stage));
    }

    [Fact]
    public async Task All_die_at_once_when_the_rings_are_empty()
    {
        using var stage = new FaultStage(FileSize);
        var listener = stage.StartListener(Choose(nameof(JournalFault.HeadsMoved)) with { Victims = stage.Victims });
        await listener.WaitUntilReadyAsync();
        await StartWritersAsync(stage, WriterLoad.Quiet);
        await DieTogetherAsync(stage, listener, listener);
        FaultSeed.AssertNone(await FinishAnewAsync(stage));
    }

    [Fact]
    public async Task All_die_at_once_in_a_recovery()
    {
        using var stage = new FaultStage(FileSize);
        var listener = stage.StartListener(Choose(nameof(JournalFault.BatchWritten)));
        await listener.WaitUntilReadyAsync();
        await StartWritersAsync(stage, WriterLoad.Steady);
        await DieAsync(listener);

        await File.WriteAllLinesAsync(stage.Victims, stage.Writers.Select(writer => $"{writer.Process.Pid}"));
        var next = stage.StartListener(new FaultDeath(JournalFault.InRecovery) { AtOnce = true, Victims = stage.Victims });
        await BuryAsync(stage, next);
        FaultSeed.AssertNone(await FinishAnewAsync(stage));
    }

    // Which arrival it is, is left to chance: the state of the files is then another in every run.
    private static FaultDeath Choose(string name)
    {
        var place = Enum.Parse<JournalFault>(name);
        var most = place is JournalFault.RecordCopied or JournalFault.RecordCommitted ? 2000 : 20;
        return new FaultDeath(place, FaultSeed.Begin((int)place).Next(1, most));
    }

    private static async Task StartWritersAsync(FaultStage stage, WriterLoad load)
    {
        stage.StartWriter(load);
        stage.StartWriter(load with { Threads = 2 });
        foreach (var writer in stage.Writers)
        {
            await writer.Process.WaitUntilReadyAsync();
        }
    }

    private static async Task DieAsync(ActorProcess victim)
    {
        victim.Send("arm");
        await victim.WaitUntilKilledAsync();
    }

    private static async Task DieTogetherAsync(FaultStage stage, ActorProcess first, ActorProcess listener)
    {
        await File.WriteAllLinesAsync(stage.Victims, stage.Writers.Select(writer => writer.Process).Append(listener).Where(other => other != first).Select(other => $"{other.Pid}"));
        first.Send("arm");
        await BuryAsync(stage, listener);
    }

    private static async Task BuryAsync(FaultStage stage, ActorProcess listener)
    {
        await listener.WaitUntilKilledAsync();
        foreach (var writer in stage.Writers)
        {
            await writer.Process.WaitUntilKilledAsync();
            writer.IsKilled = true;
        }
    }

    private static async Task<IReadOnlyList<string>> FinishAnewAsync(FaultStage stage)
    {
        stage.StartWriter(WriterLoad.Steady);
        return await stage.FinishAsync();
    }
}

namespace QueueLog.Tests.Faults;

public sealed class RandomFaultTests
{
    private const int Moments = 10;
    private const int WriterCount = 10;

    /// <summary>Threads, burst, pause, which record is long, size of a file, compressed or not: many small records, long ones, full rings, many rolls.</summary>
    public static TheoryData<int, int, int, int, int, bool> Loads => new()
    {
        { 1, 10, 2, 4001, 1_000_000, false },
        { 3, 10, 5, 4001, 200_000, true },
        { 1, 20, 5, 251, 10_000_000, false },
        { 1, 8000, 250, 20011, 4_000_000, false },
        { 2, 2, 10, 101, 20_000, false },
        { 2, 2, 10, 101, 20_000, true },
    };

    [Theory]
    [MemberData(nameof(Loads))]
    public async Task Anyone_dies_at_random_moments_under_load(int threads, int burst, int pause, int largeEvery, int fileSize, bool compress)
    {
        var load = new WriterLoad(threads, burst, pause, largeEvery);
        var chance = FaultSeed.Begin(burst + fileSize + (compress ? 1 : 0));
        using var stage = new FaultStage(fileSize) { Compress = compress };
        var listener = stage.StartListener();
        StartWriters(stage, load);
        await WaitUntilReadyAsync(stage);
        for (var moment = 1; moment <= Moments; moment++)
        {
            // The moment itself, not a wait for anything.
            await Task.Delay(chance.Next(250));
            switch (chance.Next(10))
            {
                case < 4:
                    await KillAsync(listener);
                    listener = stage.StartListener();
                    break;
                case < 6:
                    // In a row: the second one wherever it is by then, from its start to its work.
                    await KillAsync(listener);
                    listener = stage.StartListener();
                    await Task.Delay(chance.Next(400));
                    await KillAsync(listener);
                    listener = stage.StartListener();
                    break;
                case < 9:
                    var living = stage.Living.ToArray();
                    await KillAsync(living[chance.Next(living.Length)]);
                    stage.StartWriter(load);
                    break;
                default:
                    await KillAllAsync(stage, listener);
                    listener = stage.StartListener();
                    StartWriters(stage, load);
                    break;
            }
        }

        await KillAsync(listener);
        FaultSeed.AssertNone(await stage.FinishAsync());
    }

    private static void StartWriters(FaultStage stage, WriterLoad load)
    {
        for (var i = 0; i < WriterCount; i++)
        {
            stage.StartWriter(load);
        }
    }

    private static async Task WaitUntilReadyAsync(FaultStage stage)
    {
        foreach (var writer in stage.Living)
        {
            await writer.Process.WaitUntilReadyAsync();
        }
    }

    private static async Task KillAsync(ActorProcess actor)
    {
        actor.Kill();
        await actor.WaitUntilKilledAsync();
    }

    private static async Task KillAsync(FaultWriter writer)
    {
        await KillAsync(writer.Process);
        writer.IsKilled = true;
    }

    private static async Task KillAllAsync(FaultStage stage, ActorProcess listener)
    {
        listener.Kill();
        foreach (var writer in stage.Living)
        {
            writer.Process.Kill();
        }

        await listener.WaitUntilKilledAsync();
        foreach (var writer in stage.Living.ToArray())
        {
            await KillAsync(writer);
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using QueueLog.Client;
using QueueLog.FaultActor;
using QueueLog.Journal;
using QueueLog.Sinks.RollingFile;
using QueueLog.Sinks.Spool;
using QueueLog.Tests.Support;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Tests.Faults;

/// <summary>A listener dies while it takes the records of other machines: what it had committed is not written again, and the rest is.</summary>
public sealed class FeedFaultTests : IDisposable
{
    private const long FileSize = 20_000;

    private readonly TempFolder folder = new();
    private readonly string name = $"l{Guid.NewGuid():N}"[..12];
    private readonly FedSpool[] spools = [new("w1", 101), new("w2", 102)];
    private volatile bool isFinishing;

    public static TheoryData<string> Places =>
        new(nameof(JournalFault.BatchFormatted), nameof(JournalFault.CheckpointWritten), nameof(JournalFault.BatchWritten), nameof(JournalFault.HeadsMoved), nameof(JournalFault.InRoll));

    private string Log => folder.Combine("logs", "run.log");

    private string State => folder.Combine("s");

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_listener_dies(string place)
    {
        var chosen = Enum.Parse<JournalFault>(place);
        await DieAsync(new FaultDeath(chosen, FaultSeed.Begin((int)chosen).Next(1, chosen == JournalFault.InRoll ? 3 : 20)));
    }

    [Fact]
    public Task A_listener_dies_in_the_middle_of_a_write() => DieAsync(new FaultDeath(JournalFault.CheckpointWritten, FaultSeed.Begin(99).Next(1, 20)) { Ruin = Ruin.BatchTorn });

    private async Task DieAsync(FaultDeath death)
    {
        using var first = StartListener(death);
        await first.WaitUntilReadyAsync();
        var feeding = FeedAsync();
        first.Send("arm");
        await first.WaitUntilKilledAsync();
        using var next = StartListener(null);
        await next.WaitUntilReadyAsync();
        isFinishing = true;
        await feeding.WaitAsync(TestTimeout.Limit);
        next.Send("stop");
        var said = await next.WaitUntilDoneAsync();
        var problems = LogCheck.Run(Log, [.. spools.Select(spool => new WriterClaim(spool.Writer, spool.Pid, [spool.Count], IsKilled: false))]);
        FaultSeed.AssertNone([.. problems, .. said.Length > 0 ? [said] : Array.Empty<string>()]);
    }

    private ActorProcess StartListener(FaultDeath? death) =>
        ActorProcess.Start(State, ["listen", Log, name, FileSize.ToString(CultureInfo.InvariantCulture), nameof(RollNames.Number), "False", .. death?.Arguments ?? []]);

    // Batch after batch to whichever listener is there, until one that is not going to die has a hundred more of each spool.
    private async Task FeedAsync()
    {
        while (true)
        {
            try
            {
                var committed = new ConcurrentDictionary<string, long>();
                await using var connection = await FeedConnection.ConnectAsync(PipeName.ToAddress(name, State), TimeSpan.FromSeconds(5), (key, position) => committed[key] = position, static _ => { }, CancellationToken.None);
                foreach (var spool in spools)
                {
                    await connection.AskAsync(spool.Key, CancellationToken.None).WaitAsync(TestTimeout.Limit);
                }

                var left = 0;
                do
                {
                    left = isFinishing ? left + 1 : 0;
                    foreach (var spool in spools)
                    {
                        await SendAsync(connection, spool, committed);
                    }
                }
                while (left < 10);
                return;
            }
            catch (Exception e) when (e is IOException or TimeoutException or ProtocolException)
            {
                await Task.Delay(20);
            }
        }
    }

    // Some of what the log has comes again each time.
    private static async Task SendAsync(FeedConnection connection, FedSpool spool, ConcurrentDictionary<string, long> committed)
    {
        var (previous, start, records) = spool.NextBehind(committed[spool.Key], again: 3, more: 10);
        var end = start + records.Length;
        await connection.SendAsync(spool.Key, previous, start, records, CancellationToken.None);
        while (committed[spool.Key] < end)
        {
            if (connection.Completion.IsCompleted)
            {
                throw new IOException("The listener has died.");
            }

            await Task.Delay(1);
        }
    }

    /// <summary>A spool as long as it is asked to be.</summary>
    private sealed class FedSpool(string writer, int pid)
    {
        private readonly List<byte[]> records = [];

        // Where each begins, and the last ends.
        private readonly List<long> starts = [new SpoolPosition(1, 0).Value];

        public string Key => $"host/{writer}";

        public string Writer => writer;

        public int Pid => pid;

        public long Count => records.Count;

        public (long Previous, long Start, byte[] Records) NextBehind(long position, int again, int more)
        {
            var known = Math.Max(0, starts.IndexOf(position));
            var first = Math.Max(0, known - again);
            while (records.Count < known + more)
            {
                Add();
            }

            return (first == 0 ? 0 : starts[first], starts[first], [.. records[first..(known + more)].SelectMany(record => record)]);
        }

        private void Add()
        {
            var number = records.Count + 1;
            var output = new ByteWriter();
            var view = new SampleRecord
            {
                Process = writer,
                Pid = pid,
                Sequence = number,
                Category = "Faults",
                Message = new FaultMessage(writer, 0, number, FaultMessage.LengthOf(number, largeEvery: 401)).ToString(),
            }.View;
            RecordCopy.Append(output, in view);
            records.Add(output.Detach());
            starts.Add(starts[^1] + records[^1].Length);
        }
    }
}

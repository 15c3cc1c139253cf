using System.Globalization;
using QueueLog.Pool;
using QueueLog.Queue.Submission;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.FaultActor;

/// <summary>
/// A submitter: <c>items LINK NAME COUNT SKIPPED SCRIPT</c>, whose items are the numbers below COUNT without those in SKIPPED, with
/// commas between. It writes a line for each item that has ended, with its index and status, and at last "over".
/// </summary>
internal static class ItemsActor
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var count = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        var skipped = arguments[3].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static number => int.Parse(number, CultureInfo.InvariantCulture)).ToHashSet();
        var options = new QueuePoolOptions { Name = arguments[1], Version = WorkActor.Version, Heartbeat = TimeSpan.FromSeconds(1), HostTimeout = TimeSpan.FromSeconds(5), Resumes = true };
        var pool = await QueuePool.ConnectAsync(await QueueConnector.ConnectAsync(arguments[0]), options, CancellationToken.None);
        var run = pool.TryBegin(new WorkDefinition { Script = arguments[4], Location = Environment.CurrentDirectory }, new RunOptions { ReportsEnds = true })!;
        foreach (var i in Enumerable.Range(0, count).Where(i => !skipped.Contains(i)))
        {
            var output = new ByteWriter();
            ValueCodec.TryWrite(output, i);
            run.Add(new WorkItem(i, i, output.Detach()));
        }

        run.CompleteAdding();
        await foreach (var workEvent in run.Events.ReadAllAsync())
        {
            foreach (var end in EndsOf(workEvent))
            {
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{end.Item.Index} {end.Status}"));
            }
        }

        await pool.Completion;
        await Console.Out.WriteLineAsync($"over {run.Failure}");
        return 0;
    }

    private static List<ItemEnd> EndsOf(WorkEvent workEvent)
    {
        var ends = new List<ItemEnd>();
        if (workEvent is ItemLost lost)
        {
            ends.Add(lost.End);
        }
        else if (workEvent is WorkResults results)
        {
            using (results.Frame)
            {
                foreach (ref readonly var entry in results.Frame.Entries)
                {
                    if (entry.End is { } end)
                    {
                        ends.Add(end);
                    }
                }
            }
        }

        return ends;
    }
}

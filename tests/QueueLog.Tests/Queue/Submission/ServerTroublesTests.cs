using Microsoft.Extensions.Time.Testing;
using QueueLog.Pool.Processes;
using QueueLog.Queue;
using QueueLog.Queue.Submission;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue.Submission;

public sealed class ServerTroublesTests
{
    // It keeps a run from saying that it lives, as a silent one does.
    [Fact]
    public async Task A_server_without_room_is_not_called_silent_and_it_is_said_when_it_has_room_again()
    {
        using var folder = new TempFolder();
        await using var listener = TestListener.Start(folder.Combine("run.log"), static options => options);
        var log = new PoolLog(listener.Address, "P", static _ => "");
        var time = new FakeTimeProvider();
        var troubles = new ServerTroubles(log, time);
        Pass(10, () => troubles.Note(new QueueException(QueueFault.Full, "full")), isAnswering: false);
        Pass(10, static () => { }, isAnswering: true);
        Pass(10, static () => { }, isAnswering: false);
        Pass(1, static () => { }, isAnswering: true);
        await log.CloseAsync();
        await listener.StopAsync(TestTimeout.Limit);
        Assert.Equal(
            [
                "pool P waits: the server of the queue has no room for more items: full",
                "pool P goes on: the server of the queue has room again, after 15 s",
                "pool P waits: the server of the queue does not answer",
                "pool P goes on: the server of the queue answers again, after 10 s",
            ],
            folder.ReadLines("run.log"));

        void Pass(int seconds, Action each, bool isAnswering)
        {
            for (; seconds > 0; seconds--)
            {
                each();
                troubles.Watch(isAnswering, refusal: null);
                time.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }
}

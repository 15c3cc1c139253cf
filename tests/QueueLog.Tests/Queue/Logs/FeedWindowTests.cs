using QueueLog.Queue.Logs;
using QueueLog.Sinks.Spool;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue.Logs;

public sealed class FeedWindowTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void The_queue_may_forget_what_is_in_the_log_and_nothing_behind_the_first_that_is_not()
    {
        var window = new FeedWindow();
        window.Add(5, "a", At(10), 10);
        window.Add(6, "b", At(20), 20);
        window.Add(9, "a", At(30), 20);
        Assert.Equal(0, window.Done);
        window.Commit("b", At(20));
        Assert.Equal(0, window.Done);
        window.Commit("a", At(10));
        Assert.Equal(6, window.Done);
        window.Commit("a", At(29));
        Assert.Equal(6, window.Done);
        window.Commit("a", At(30));
        Assert.Equal(9, window.Done);

        // What comes again is in the log already.
        window.Add(12, "a", At(30), 0);
        Assert.Equal(12, window.Done);
    }

    [Fact]
    public async Task More_waits_until_some_of_it_is_in_the_log()
    {
        var window = new FeedWindow();
        await window.WaitForRoomAsync(None).WaitAsync(TestTimeout.Limit);
        window.Add(1, "a", At(16 * 1024 * 1024), 16 * 1024 * 1024);
        var room = window.WaitForRoomAsync(None);
        var done = window.WaitBeyondAsync(0, None);
        Assert.False(room.IsCompleted || done.IsCompleted);
        window.Commit("a", At(16 * 1024 * 1024));
        await Task.WhenAll(room, done).WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task The_pieces_of_a_record_of_any_length_find_room()
    {
        var window = new FeedWindow();
        for (var i = 1; i <= 300; i++)
        {
            await window.WaitForRoomAsync(None).WaitAsync(TestTimeout.Limit);
            window.Add(i, "a", At(i * 256 * 1024), length: 0);
        }
    }

    private static SpoolPosition At(long offset) => new(1, offset);
}

using QueueLog.Queue.Logs;
using QueueLog.Sinks.Spool;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue.Logs;

public sealed class FeedWindowTests
{
    private const int Full = 16 * 1024 * 1024;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void The_queue_may_forget_of_each_host_what_is_in_the_log_and_nothing_behind_the_first_that_is_not()
    {
        var window = new FeedWindow();
        window.Add(5, "a/1", At(10), 10);
        window.Add(6, "b/1", At(20), 20);
        window.Add(9, "a/1", At(30), 20);
        Assert.Empty(window.GetDone());
        window.Commit("b/1", At(20));
        Assert.Equal([6], window.GetDone());
        window.MarkReleased(1);
        Assert.Empty(window.GetDone());
        window.Commit("a/1", At(10));
        Assert.Equal([5], window.GetDone());
        window.Commit("a/1", At(29));
        Assert.Equal([5], window.GetDone());
        window.Commit("a/1", At(30));
        Assert.Equal([5, 9], window.GetDone());

        // What comes again is in the log already.
        window.Add(12, "a/1", At(30), 0);
        Assert.Equal([5, 9, 12], window.GetDone());
    }

    [Fact]
    public async Task More_waits_until_some_of_it_is_in_the_log()
    {
        var window = new FeedWindow();
        await window.WaitForRoomAsync(None).WaitAsync(TestTimeout.Limit);
        window.Add(1, "a/1", At(Full), Full);
        var room = window.WaitForRoomAsync(None);
        var done = window.WaitForDoneAsync(None);
        Assert.False(room.IsCompleted || done.IsCompleted);
        window.Commit("a/1", At(Full));
        await Task.WhenAll(room, done).WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task The_pieces_of_a_record_of_any_length_find_room()
    {
        var window = new FeedWindow();
        for (var i = 1; i <= 300; i++)
        {
            await window.WaitForRoomAsync(None).WaitAsync(TestTimeout.Limit);
            window.Add(i, "a/1", At(i * 256 * 1024), length: 0);
        }
    }

    [Fact]
    public async Task A_host_that_died_within_a_record_keeps_no_other_host_back()
    {
        var window = new FeedWindow();
        window.Add(1, "a/1", At(10), length: 0);
        window.Add(2, "b/1", At(Full), Full);
        window.Commit("b/1", At(Full));
        await window.WaitForRoomAsync(None).WaitAsync(TestTimeout.Limit);
        Assert.Equal([2], window.GetDone());

        // It has returned.
        window.Add(3, "a/1", At(20), 20);
        window.Commit("a/1", At(20));
        Assert.Equal([2, 1, 3], window.GetDone());
    }

    [Fact]
    public async Task A_piece_of_a_spool_that_its_host_has_no_more_keeps_nothing_back()
    {
        var window = new FeedWindow();
        window.Add(1, "a/1", At(10), 10);
        window.Add(2, "a/1", At(20), length: 0);
        window.Add(3, "a/2", At(Full), Full);
        window.Commit("a/2", At(Full));
        Assert.Empty(window.GetDone());
        window.Commit("a/1", At(10));
        Assert.Equal([1, 2, 3], window.GetDone());
        await window.WaitForRoomAsync(None).WaitAsync(TestTimeout.Limit);
    }

    private static SpoolPosition At(long offset) => new(1, offset);
}

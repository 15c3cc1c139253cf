using Microsoft.Extensions.Time.Testing;
using QueueLog.Queue.History;

namespace QueueLog.Tests.Queue.History;

public sealed class HostClockTests
{
    private readonly FakeTimeProvider time = new();
    private readonly HostClock clock;
    private long revision;

    public HostClockTests() => clock = new HostClock(time, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(12));

    private bool IsLost => clock.IsLost("h", "1", connectedSince: 0);

    [Fact]
    public void A_host_is_lost_when_it_was_silent_for_the_timeout_while_the_server_answered()
    {
        Beat("1");
        Pass(60);
        Assert.False(IsLost);
        Pass(1);
        Assert.True(IsLost);
        Beat("1");
        Assert.False(IsLost);
    }

    [Fact]
    public void One_that_was_never_heard_has_its_time_too()
    {
        Assert.False(IsLost);
        Pass(61);
        Assert.True(IsLost);
    }

    [Fact]
    public void Another_life_of_a_host_and_its_goodbye_end_the_former_at_once()
    {
        Beat("2");
        Assert.True(IsLost);
        Beat("1");
        Assert.False(IsLost);
        Beat(null);
        Assert.True(IsLost);
    }

    [Fact]
    public void A_heartbeat_that_is_seen_again_says_nothing()
    {
        clock.NoteHeartbeat("h", "1", 5);
        Pass(50);
        clock.NoteHeartbeat("h", "1", 5);
        clock.NoteHeartbeat("h", "0", 4);
        Pass(11);
        Assert.True(IsLost);
    }

    [Fact]
    public void A_server_that_did_not_answer_makes_nobody_lost_until_it_has_answered_for_the_timeout()
    {
        Beat("1");
        Pass(30);
        time.Advance(TimeSpan.FromSeconds(300));
        Assert.False(IsLost);
        clock.NoteAnswer();
        Pass(60);
        Assert.False(IsLost);
        Pass(1);
        Assert.True(IsLost);
    }

    [Fact]
    public void Silence_counts_from_the_last_connection()
    {
        Beat("1");
        Pass(30);
        var connected = time.GetTimestamp();
        Pass(40);
        Assert.False(clock.IsLost("h", "1", connected));
        Assert.False(clock.IsLost("h", "1", null));
        Assert.True(IsLost);
    }

    private void Beat(string? incarnation) => clock.NoteHeartbeat("h", incarnation, ++revision);

    private void Pass(int seconds)
    {
        for (; seconds > 0; seconds--)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            clock.NoteAnswer();
        }
    }
}

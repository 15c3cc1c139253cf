using System.Diagnostics;
using QueueLog.Journal;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Journal;

public sealed class RingOwnerTests
{
    [Fact]
    public void An_owner_that_holds_its_lock_lives()
    {
        using var ring = new TestRing();
        Assert.False(ring.Reader.IsOwnerDead());
    }

    [Fact]
    public void An_owner_is_dead_when_its_lock_is_free()
    {
        using var ring = new TestRing();
        ring.Writer.Dispose();
        Assert.True(ring.Reader.IsOwnerDead());

        // Asking does not take it for good.
        Assert.True(ring.Reader.IsOwnerDead());
    }

    [Fact]
    public void An_owner_whose_lock_is_lost_lives_as_long_as_its_process()
    {
        using var process = Process.Start(new ProcessStartInfo(OperatingSystem.IsWindows() ? "cmd" : "cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var ring = new TestRing(owner: TestRing.OwnerOf(process.Id, ProcessStart.Of(process.Id)!.Value));
        ring.Writer.Dispose();
        Assert.False(ring.Reader.IsOwnerDead());
        process.Kill();
        process.WaitForExit();
        Assert.True(ring.Reader.IsOwnerDead());
    }

    [Fact]
    public void A_pid_that_was_used_again_is_not_the_owner()
    {
        using var process = Process.Start(new ProcessStartInfo(OperatingSystem.IsWindows() ? "cmd" : "cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var ring = new TestRing(owner: TestRing.OwnerOf(process.Id, ProcessStart.Of(process.Id)!.Value - 1));
        ring.Writer.Dispose();
        Assert.True(ring.Reader.IsOwnerDead());
        process.Kill();
        process.WaitForExit();
    }

    [Fact]
    public void A_lock_that_is_held_counts_whatever_the_pid_says()
    {
        using var ring = new TestRing(owner: TestRing.OwnerOf(int.MaxValue, 1));
        Assert.False(ring.Reader.IsOwnerDead());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void A_pid_that_no_process_has_is_dead(int pid)
    {
        using var ring = new TestRing(owner: TestRing.OwnerOf(pid, 1));
        ring.Writer.Dispose();
        Assert.True(ring.Reader.IsOwnerDead());
    }
}

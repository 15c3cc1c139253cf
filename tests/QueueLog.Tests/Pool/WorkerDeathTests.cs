using QueueLog.Pool;

namespace QueueLog.Tests.Pool;

public sealed class WorkerDeathTests
{
    [Theory]
    [InlineData(0, "ended with exit code 0")]
    [InlineData(7, "ended with exit code 7")]
    [InlineData(255, "ended with exit code 255")]
    [InlineData(-1, "ended with exit code -1")]
    public void An_exit_code_is_told_as_it_is(int code, string expected) => Assert.Equal(expected, new WorkerDeath(1, code, []).Describe());

    [Theory]
    [InlineData(137, "was ended by signal 9 (SIGKILL)")]
    [InlineData(143, "was ended by signal 15 (SIGTERM)")]
    [InlineData(138, "was ended by signal 10")]
    public void A_signal_is_told_by_number_and_name(int code, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        Assert.Equal(expected, new WorkerDeath(1, code, []).Describe());
    }

    [Fact]
    public void A_runtime_that_cannot_start_is_no_signal_though_it_ends_with_its_number()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var death = new WorkerDeath(1, 137, ["Failed to create CoreCLR"]) { HasGreeted = false };
        Assert.Equal("could not start its runtime (exit code 137)", death.Describe());
        Assert.Equal("was ended by signal 9 (SIGKILL)", (death with { LastLines = [] }).Describe());
        Assert.Equal("was ended by signal 9 (SIGKILL)", (death with { HasGreeted = true }).Describe());
    }

    [Fact]
    public void A_process_that_had_to_be_killed_has_no_code_of_its_own() =>
        Assert.Contains("killed", new WorkerDeath(1, null, []).Describe(), StringComparison.Ordinal);
}

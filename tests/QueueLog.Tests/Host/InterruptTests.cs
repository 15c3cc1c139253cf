using QueueLog.Tests.Support;

namespace QueueLog.Tests.Host;

public sealed class InterruptTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_stops_the_script_and_its_finally_blocks_run(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using var host = HostProcess.Start("-c", "try { 'started'; Start-Sleep 600 } finally { [Console]::WriteLine('cleaned up') }");
        Assert.Equal("started", await host.ReadLineAsync());

        host.Signal(signal);

        var result = await host.CompleteAsync();
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal("cleaned up\n", result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task A_second_interrupt_ends_a_script_that_does_not_stop()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using var host = HostProcess.Start("-c", "try { 'started'; Start-Sleep 600 } finally { [Console]::WriteLine('stuck'); [Threading.Thread]::Sleep(-1) }");
        Assert.Equal("started", await host.ReadLineAsync());

        host.Signal("INT");
        Assert.Equal("stuck", await host.ReadLineAsync());
        host.Signal("INT");

        var result = await host.CompleteAsync();
        Assert.Equal(130, result.ExitCode);
    }
}

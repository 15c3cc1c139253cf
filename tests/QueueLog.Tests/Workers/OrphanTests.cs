using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class OrphanTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    public static TheoryData<string> StuckBlocks => new("while ($true) { }", "Start-Sleep 600", "[Threading.Thread]::Sleep(-1)");

    [Theory]
    [MemberData(nameof(StuckBlocks))]
    public async Task Workers_end_when_their_parent_is_killed(string stuck)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        using var folder = new TempFolder();
        using var host = Script.Start($$"""
            $env:QUEUELOG_STATE = '{{folder.Path}}'
            1..4 | Invoke-WorkerPool -Count 2 { $PID; {{stuck}} }
            """);
        var pids = new[] { int.Parse((await host.ReadLineAsync())!), int.Parse((await host.ReadLineAsync())!) };

        host.Signal("KILL");
        Assert.InRange(await Processes.WaitUntilGoneAsync(pids, Promised), TimeSpan.Zero, Promised - TimeSpan.FromMilliseconds(1));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path, "pool*"));
    }

    [Fact]
    public async Task A_native_child_of_a_worker_ends_with_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        using var host = Script.Start("1 | Invoke-WorkerPool -Count 1 { $PID; /bin/sh -c 'echo $$; exec sleep 600' }");
        var pids = new[] { int.Parse((await host.ReadLineAsync())!), int.Parse((await host.ReadLineAsync())!) };

        host.Signal("KILL");
        Assert.InRange(await Processes.WaitUntilGoneAsync(pids, Promised), TimeSpan.Zero, Promised - TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task An_idle_warm_worker_ends_with_its_parent()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        using var host = Script.Start("$null = Start-WorkerPool -Count 1 -Name warm; Invoke-WorkerPool -Name warm { $PID }; Start-Sleep 600");
        var pid = int.Parse((await host.ReadLineAsync())!);

        host.Signal("KILL");
        Assert.InRange(await Processes.WaitUntilGoneAsync([pid], Promised), TimeSpan.Zero, Promised - TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task An_interrupt_of_the_session_ends_the_workers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using var host = Script.Start("1..4 | Invoke-WorkerPool -Count 2 { $PID; while ($true) { } }");
        var pids = new[] { int.Parse((await host.ReadLineAsync())!), int.Parse((await host.ReadLineAsync())!) };

        host.Signal("INT");
        Assert.InRange(await Processes.WaitUntilGoneAsync(pids, Promised), TimeSpan.Zero, Promised - TimeSpan.FromMilliseconds(1));
        Assert.Equal(130, (await host.CompleteAsync()).ExitCode);
    }

    [Fact]
    public async Task Workers_are_in_no_process_group_that_the_terminal_interrupts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Process groups are read from /proc.");
        using var host = Script.Start("1 | Invoke-WorkerPool -Count 1 { $PID; Start-Sleep 600 }");
        var pid = int.Parse((await host.ReadLineAsync())!);
        var status = await File.ReadAllTextAsync($"/proc/{pid}/stat");
        Assert.Equal(pid, int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[2]));
    }

    [Fact]
    public async Task Removing_the_module_ends_the_workers()
    {
        using var host = Script.Start("""
            $null = Start-WorkerPool -Count 1 -Name warm
            Invoke-WorkerPool -Name warm { $PID }
            Remove-Module QueueLog
            Start-Sleep 600
            """);
        var pid = int.Parse((await host.ReadLineAsync())!);
        Assert.InRange(await Processes.WaitUntilGoneAsync([pid], TimeSpan.FromSeconds(5)), TimeSpan.Zero, TimeSpan.FromSeconds(4.9));
    }

    [Fact]
    public async Task What_a_worker_starts_is_no_worker()
    {
        var lines = await Script.RunAsync("1 | Invoke-WorkerPool -Count 1 { \"[$env:QUEUELOG_WORKER$env:QUEUELOG_MODULE]\" }");
        Assert.Equal(["[]"], lines);
    }
}

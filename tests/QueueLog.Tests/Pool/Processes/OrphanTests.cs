using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool.Processes;

public sealed class OrphanTests
{
    [Fact]
    public async Task Workers_end_when_their_parent_is_killed_whatever_they_are_at()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        using var folder = new TempFolder();
        using var host = Script.Start($$"""
            $env:QUEUELOG_STATE = '{{folder.Path}}'
            $null = Start-WorkerPool -Count 1 -Name idle
            Invoke-WorkerPool -Name idle { $PID }
            1..4 | Invoke-WorkerPool -Count 4 {
                $PID
                switch ($_) {
                    1 { while ($true) { } }
                    2 { Start-Sleep 600 }
                    3 { [Threading.Thread]::Sleep(-1) }
                    4 { /bin/sh -c 'echo $$; exec sleep 600' }
                }
            }
            """);
        var pids = new int[6];
        for (var i = 0; i < pids.Length; i++)
        {
            pids[i] = int.Parse((await host.ReadLineAsync())!);
        }

        host.Signal("KILL");
        await OtherProcesses.AreGoneAsync(pids);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path, "pool*"));
    }

    [Fact]
    public async Task Workers_end_when_their_parent_is_killed_while_they_start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        using var folder = new TempFolder();
        using var host = Script.Start($$"""
            $env:QUEUELOG_STATE = '{{folder.Path}}'
            $null = 1..40 | Start-WorkerPool -Count 4 { $_ }
            do { $pids = @((Get-WorkerPool).Workers.Pid | Where-Object { $_ }) } while ($pids.Count -lt 4)
            "$pids"
            [Diagnostics.Process]::GetCurrentProcess().Kill()
            """);
        var pids = OtherProcesses.Parse((await host.ReadLineAsync())!);

        // They see it when they have come so far as to ask for it, which takes the start of an engine.
        await OtherProcesses.AreGoneAsync(pids);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path, "pool*"));
    }

    [Fact]
    public async Task A_daemon_that_has_left_its_group_session_and_parent_ends_too()
    {
        string[] runs =
        [
            "$null = 1 | Invoke-WorkerPool -Count 1 $start",
            "$job = 1 | Start-WorkerPool -Count 1 { & ([scriptblock]::Create($using:start)); Start-Sleep 600 }; while (-not [IO.File]::Exists($ready)) { Start-Sleep -Milliseconds 20 }; $job | Stop-Job",
            "1 | Invoke-WorkerPool -Count 1 -ErrorAction SilentlyContinue { & ([scriptblock]::Create($using:start)); [Environment]::FailFast('') }",
            "1 | Invoke-WorkerPool -Count 1 -ErrorAction SilentlyContinue -TimeoutSeconds 1 -GraceSeconds 0 { & ([scriptblock]::Create($using:start)); [Threading.Thread]::Sleep(-1) }",
        ];
        var daemons = Array.ConvertAll(runs, _ => new Daemon());
        using var host = Script.Start(string.Concat(runs.Zip(daemons, (run, daemon) => $"$start = {{ {daemon.Start} }}; $ready = '{daemon.Ready}'\n{run}\n'over'\n")) + "Start-Sleep 600");
        foreach (var daemon in daemons)
        {
            Assert.Equal("over", await host.ReadLineAsync());
            await daemon.IsGoneAsync();
            daemon.Dispose();
        }
    }

    [Fact]
    public async Task A_program_that_is_to_outlive_its_worker_does_so_without_the_mark()
    {
        using var daemon = new Daemon("env -u QUEUELOG_OWNER ");
        var lines = await Script.RunAsync($"1 | Invoke-WorkerPool -Count 1 {{ {daemon.Start}; 'done' }}");
        Assert.Equal(["done"], lines);
        Assert.True(daemon.IsThere);
    }

    [Theory]
    [InlineData("[IO.File]::WriteAllText($go, ''); $null = $job | Wait-Job")]
    [InlineData("$job | Stop-Job")]
    [InlineData("$job | Remove-Job -Force")]
    [InlineData("Remove-Module QueueLog")]
    [InlineData("throw 'something else'")]
    [InlineData("exit 3")]
    [InlineData("[Diagnostics.Process]::GetCurrentProcess().Kill()")]
    public async Task Nothing_is_left_behind_whatever_the_end(string end)
    {
        using var folder = new TempFolder();
        using var daemon = new Daemon();
        using var host = Script.Start($$"""
            $env:QUEUELOG_STATE = '{{folder.Combine("s")}}'
            $go = '{{folder.Combine("go")}}'
            Start-LogListener '{{folder.Combine("run.log")}}'
            $job = 1..4 | Start-WorkerPool -Count 2 {
                Write-QueueLog 'here'
                if ($_ -eq 1) { {{daemon.Start}} }
                while (-not [IO.File]::Exists($using:go)) { Start-Sleep -Milliseconds 20 }
            }
            while (-not [IO.File]::Exists('{{daemon.Ready}}')) { Start-Sleep -Milliseconds 20 }
            "$((Get-WorkerPool).Workers.Pid)"
            {{end}}
            if (Get-Module QueueLog) { Stop-LogListener }
            """);
        var workers = OtherProcesses.Parse((await host.ReadLineAsync())!);
        Assert.True(File.Exists(daemon.Ready), "The daemon was there.");

        await host.CompleteAsync();
        await OtherProcesses.AreGoneAsync(workers);
        await daemon.IsGoneAsync();

        // Of a session that was killed the listener's own journals stay, for the next one.
        var isKilled = end.Contains("Kill", StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(folder.Combine("s"), "*", SearchOption.AllDirectories).Select(Path.GetFileName),
            name => name!.StartsWith("pool", StringComparison.Ordinal) || (!isKilled && (name.EndsWith(".ring", StringComparison.Ordinal) || name.EndsWith(".sock", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task An_interrupt_of_the_session_ends_the_workers_which_are_in_no_process_group_that_the_terminal_interrupts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent with kill, and process groups are read from /proc.");
        using var host = Script.Start("1..4 | Invoke-WorkerPool -Count 2 { $PID; while ($true) { } }");
        var pids = new[] { int.Parse((await host.ReadLineAsync())!), int.Parse((await host.ReadLineAsync())!) };

        foreach (var pid in pids)
        {
            var status = await File.ReadAllTextAsync($"/proc/{pid}/stat");
            Assert.Equal(pid, int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[2]));
        }

        host.Signal("INT");
        await OtherProcesses.AreGoneAsync(pids);

        // What pwsh says of a command that was interrupted.
        Assert.Equal(1, (await host.CompleteAsync()).ExitCode);
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
        await OtherProcesses.AreGoneAsync([pid]);
    }

    [Fact]
    public async Task Workers_leave_no_files_of_the_runtime_behind_however_they_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The pipes of Windows are no files.");

        // A process that was killed long ago may have left some, and its number is used again.
        var before = Directory.EnumerateFileSystemEntries(Path.GetTempPath()).ToHashSet();
        var pids = (await Script.RunAsync("""
            Invoke-WorkerPool -Count 2 { $PID }
            1 | Invoke-WorkerPool -Count 1 { $PID; Start-Sleep 600 } -ErrorAction SilentlyContinue | ForEach-Object { Stop-Process -Id $_ -Force; $_ }
            exit 0
            """)).Distinct().ToArray();
        Assert.Equal(3, pids.Length);
        var left = Directory.EnumerateFileSystemEntries(Path.GetTempPath())
            .Except(before)
            .Select(path => Path.GetFileName(path))
            .Where(name => pids.Any(pid => name.Contains($"-{pid}-", StringComparison.Ordinal) || name.Contains($".{pid}.", StringComparison.Ordinal)));
        Assert.Empty(left);
    }

    /// <summary>A program that leaves group, session and parent behind it, and is found by a name of its own.</summary>
    private sealed class Daemon : IDisposable
    {
        private readonly TempFolder folder = new();
        private readonly string program;

        public Daemon(string launcher = "")
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "It needs setsid.");
            program = folder.Combine("sleep-" + Guid.NewGuid().ToString("N")[..8]);
            Ready = folder.Combine("ready");
            File.Copy("/bin/sleep", program);

            // It is there when the file is: the name changes before the shell goes on.
            Start = $"/bin/sh -c '({launcher}setsid {program} 600 > /dev/null 2>&1 &); while ! pgrep -x {Path.GetFileName(program)} > /dev/null; do :; done; : > {Ready}'";
        }

        public string Start { get; }

        public string Ready { get; }

        public bool IsThere => OtherProcesses.Exists(program);

        public Task IsGoneAsync() => Eventually.TrueAsync(() => !IsThere, "the daemon is gone");

        public void Dispose()
        {
            Array.ForEach(System.Diagnostics.Process.GetProcessesByName(Path.GetFileName(program)), static left => left.Kill());
            folder.Dispose();
        }
    }
}

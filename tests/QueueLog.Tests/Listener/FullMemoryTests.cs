using System.Diagnostics;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Listener;

/// <summary>Shared memory without room for a journal. Only root can give a process such a one of its own.</summary>
public sealed class FullMemoryTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_state_folder_serves_and_goes_on_serving()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/unshare"), "Only root can mount, for one process, by unshare.");
        var module = Path.Combine(Repository.Root, "QueueLog.psd1");
        var script = $"""
            $ErrorActionPreference = 'Stop'
            Import-Module '{module}'
            foreach ($i in 1..3) {"{"}
                Start-LogListener '{folder.Combine("run.log")}' -Template '{"{Message}"}' -NoHeader
                Write-QueueLog $i -Wait
                Stop-LogListener
            {"}"}
            """;
        await File.WriteAllTextAsync(folder.Combine("run.ps1"), script);
        var start = new ProcessStartInfo("unshare", ["-m", "sh", "-c", $"mount -t tmpfs -o size=32k none /dev/shm && '{PwshProcess.Program}' -NoProfile -File '{folder.Combine("run.ps1")}' && find /dev/shm -type f"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TestTimeout.Limit);
        Assert.SkipWhen((await error).StartsWith("unshare:", StringComparison.Ordinal) || (await error).StartsWith("mount:", StringComparison.Ordinal), "This account may not mount.");
        Assert.Equal(("", ""), (await error, await output));
        Assert.Equal(["1", "2", "3"], folder.ReadLines("run.log"));
    }
}

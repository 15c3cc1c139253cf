using System.Diagnostics;
using QueueLog.Client;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Listener;

/// <summary>A writer that shares the listener's socket and sees another folder where the journals are, as in a container.</summary>
public sealed class MountNamespaceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Its_records_come_over_the_pipe_and_the_listener_says_so(bool hasFolderOfThatName)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/unshare"), "Only root can mount, for one process, by unshare.");
        await using var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        var client = await RawClient.GreetAsync(listener.Address, "looks only");
        var journal = client.Listener!.Journal!.Folder;
        await client.DisposeAsync();
        var script = $"Import-Module '{Path.Combine(Repository.Root, "QueueLog.psd1")}'; 1..50 | ForEach-Object {{ Write-QueueLog \"$_\" }}; Write-QueueLog 51 -Wait; Write-QueueLog 52";
        var make = hasFolderOfThatName ? $"&& mkdir -p '{journal}'" : "";
        var start = new ProcessStartInfo("unshare", ["-m", "sh", "-c", $"mount -t tmpfs none '{Path.GetDirectoryName(journal)}' {make} && exec '{PwshProcess.Program}' -NoProfile -NonInteractive -Command \"$SCRIPT\""])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SCRIPT"] = script;
        start.Environment[ClientRegistry.AddressVariable] = listener.Address;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TestTimeout.Limit);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.SkipWhen((await error).StartsWith("unshare:", StringComparison.Ordinal) || (await error).StartsWith("mount:", StringComparison.Ordinal), "This account may not mount.");
        Assert.Equal(("", "", 0), (await output, await error, process.ExitCode));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(1, 52).Select(i => $"{i}"), folder.ReadLines("run.log"));
        Assert.Equal((52, 0, false), Assert.Single(listener.Clients, known => known.Pid == process.Id) is var writer ? (writer.Written, writer.Lost, writer.HasJournal) : default);
        var failure = Assert.Single(listener.Failures);
        Assert.Contains($"(pid {process.Id})", failure.Source);
        Assert.Contains("It has no journal", failure.Message);
    }
}

using System.Diagnostics;
using QueueLog.Pool.Processes;
using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Pool.Processes;

/// <summary>What a pool does for the sake of Windows, as far as it can be seen without an engine.</summary>
public sealed class WindowsWorkerTests
{
    [Fact]
    public async Task The_output_of_a_worker_is_read_as_it_is_written_whatever_the_console_of_the_pool()
    {
        var start = new ProcessStartInfo("any") { RedirectStandardOutput = true, RedirectStandardError = true };
        await using var worker = new WorkerProcess(start, "token", "mark");
        Assert.Equal("utf-8", start.StandardOutputEncoding?.WebName);
        Assert.Equal("utf-8", start.StandardErrorEncoding?.WebName);
        Assert.Empty(start.StandardOutputEncoding!.GetPreamble());
    }

    [Fact]
    public void Windows_a_process_that_cannot_be_put_into_a_job_is_told_with_the_reason()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Job objects are a matter of Windows.");
        Assert.NotEmpty(WindowsJob.Join(process: 0)!);
    }

    [Fact]
    public async Task Windows_what_a_killed_pool_left_beside_its_pipe_is_removed_by_the_next_that_opens_one()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "On Unix such files lie beside a socket, and are removed with it.");
        var folder = StateFolder.Ensure();
        await using var living = PipeAcceptor.Open(PipeName.ToAddress($"pool-{Guid.NewGuid():N}"));
        var kept = Path.Combine(folder, Path.GetFileName(living.Address) + ".progress");
        var left = Path.Combine(folder, Path.GetFileName(PipeName.ToAddress($"pool-{Guid.NewGuid():N}")) + ".records-3");
        await File.WriteAllTextAsync(kept, "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(left, "", TestContext.Current.CancellationToken);
        await PipeAcceptor.Open(PipeName.ToAddress(TestListener.NewName())).DisposeAsync();
        Assert.True(File.Exists(kept));
        Assert.False(File.Exists(left));
        File.Delete(kept);
    }
}

using QueueLog.Tests.Support;
using QueueLog.Workers;

namespace QueueLog.Tests.Workers;

public sealed class WorkerCommandLineTests
{
    [Fact]
    public void Pwsh_imports_the_assembly_itself_with_its_quotes_doubled()
    {
        var start = new WorkerCommandLine("/opt/pwsh", "/tmp/it's/QueueLog.PowerShell.dll").ToStartInfo("address", 2, "token", "/");
        Assert.Contains("-NoProfile", start.ArgumentList);
        Assert.Contains("'/tmp/it''s/QueueLog.PowerShell.dll'", start.ArgumentList[^1], StringComparison.Ordinal);
        Assert.Equal($"address|2|token|{Environment.ProcessId}", start.Environment[WorkerCommandLine.WorkerVariable]);
    }

    [Fact]
    public void The_embedded_host_is_asked_for_a_worker()
    {
        var start = new WorkerCommandLine("/opt/qlhost", "/m.dll").ToStartInfo("address", 0, "token", "/");
        Assert.Equal(["-Worker"], start.ArgumentList);
        Assert.Equal("/m.dll", start.Environment[WorkerCommandLine.ModuleVariable]);
    }

    [Fact]
    public void The_runtime_is_told_of_the_core_beside_the_module_unless_its_path_cannot_be_said()
    {
        using var folder = new TempFolder();
        Assert.Equal(folder.Combine("QueueLog.dll"), HookOf(folder.Path, "QueueLog.dll"));
        Assert.Null(HookOf(folder.Path, "Other.dll"));
        var unsayable = Directory.CreateDirectory(Path.Combine(folder.Path, $"a{Path.PathSeparator}b")).FullName;
        Assert.Null(HookOf(unsayable, "QueueLog.dll"));

        static string? HookOf(string folder, string core)
        {
            File.Delete(Path.Combine(folder, "QueueLog.dll"));
            File.WriteAllText(Path.Combine(folder, core), "");
            var start = new WorkerCommandLine("/opt/qlhost", Path.Combine(folder, "m.dll")).ToStartInfo("address", 0, "token", "/");
            return start.Environment.TryGetValue("DOTNET_STARTUP_HOOKS", out var hook) ? hook : null;
        }
    }

    [Fact]
    public void No_stream_of_the_pools_process_is_shared()
    {
        var start = new WorkerCommandLine("/opt/qlhost", "/m.dll").ToStartInfo("address", 0, "token", "/");
        Assert.True(start.RedirectStandardInput && start.RedirectStandardOutput && start.RedirectStandardError);
        Assert.False(start.UseShellExecute);
    }

    [Fact]
    public void A_program_that_is_no_engine_is_refused_with_the_way_out()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(WorkerCommandLine.HostVariable) is not null, "The host is named by the environment.");
        var e = Assert.Throws<WorkerHostNotFoundException>(() => WorkerCommandLine.Find("/m.dll", Path.Combine(Path.GetTempPath(), "no-engine-here")));
        Assert.Contains(WorkerCommandLine.HostVariable, e.Message, StringComparison.Ordinal);
    }
}

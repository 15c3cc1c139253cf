using System.Runtime.InteropServices;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool.Processes;

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
            var start = new WorkerCommandLine("/opt/pwsh", Path.Combine(folder, "m.dll")).ToStartInfo("address", 0, "token", "/");
            return start.Environment.TryGetValue("DOTNET_STARTUP_HOOKS", out var hook) ? hook : null;
        }
    }

    [Fact]
    public void The_more_workers_start_at_once_the_later_their_code_is_compiled_anew_unless_the_user_has_set_when()
    {
        var cores = Environment.ProcessorCount;
        Assert.Equal("64", DelayOf(1, null));
        Assert.Equal("64", DelayOf(cores, null));
        Assert.Equal("BB8", DelayOf(11 * cores, null));
        Assert.Equal("5", DelayOf(11 * cores, "5"));

        static string? DelayOf(int workers, string? users)
        {
            const string variable = "DOTNET_TC_CallCountingDelayMs";
            return new WorkerCommandLine("/opt/pwsh", "/m.dll").ToStartInfo("address", 0, "token", "/", [new EnvironmentSetting(variable, users)], workers).Environment[variable];
        }
    }

    [Fact]
    public void No_stream_of_the_pools_process_is_shared()
    {
        var start = new WorkerCommandLine("/opt/pwsh", "/m.dll").ToStartInfo("address", 0, "token", "/");
        Assert.True(start.RedirectStandardInput && start.RedirectStandardOutput && start.RedirectStandardError);
        Assert.False(start.UseShellExecute);
    }

    [Fact]
    public void A_tool_runs_as_dotnet_and_its_workers_in_the_pwsh_of_its_package()
    {
        using var home = new TempFolder();
        var program = home.Combine(OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        File.WriteAllText(program, "");
        File.WriteAllText(home.Combine("pwsh.dll"), "");
        Execute(program, UnixFileMode.UserExecute);

        var engine = WorkerCommandLine.Find("/m.dll", home.Path, "/opt/net/dotnet", named: null);

        Assert.SkipWhen(OperatingSystem.IsMacOS(), "The package's pwsh is a Linux program: on macOS dotnet runs the assembly.");
        Assert.Equal(program, engine.Program);
        Assert.Null(engine.EngineAssembly);

        // A private .NET is found by what stands in the environment alone, unless the user has set it.
        Assert.Equal(Path.GetDirectoryName("/opt/net/dotnet"), RootOf(engine, []));
        Assert.Equal("/mine", RootOf(engine, [new EnvironmentSetting("DOTNET_ROOT", "/mine")]));
    }

    [Fact]
    public void Where_the_packages_pwsh_may_not_be_executed_dotnet_runs_its_assembly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows knows no mode by which a program may not be executed.");
        using var home = new TempFolder();
        File.WriteAllText(home.Combine("pwsh"), "");
        File.WriteAllText(home.Combine("pwsh.dll"), "");
        Execute(home.Combine("pwsh"), UnixFileMode.None);

        var start = WorkerCommandLine.Find("/m.dll", home.Path, "/opt/net/dotnet", named: null).ToStartInfo("address", 0, "token", "/");

        Assert.Equal("/opt/net/dotnet", start.FileName);
        Assert.Equal(home.Combine("pwsh.dll"), start.ArgumentList[0]);
        Assert.Equal("-NoProfile", start.ArgumentList[1]);
    }

    [Fact]
    public void A_pwsh_that_runs_is_the_pwsh_of_its_workers()
    {
        var engine = WorkerCommandLine.Find("/m.dll", "/no/such/home", "/opt/preview/pwsh-preview", named: "");
        Assert.Equal("/opt/preview/pwsh-preview", engine.Program);
        Assert.Null(engine.DotnetRoot);
    }

    [Fact]
    public void Workers_run_the_image_of_the_module_for_their_system_where_there_is_one_unless_their_engine_may_be_another()
    {
        using var folder = new TempFolder();
        var module = folder.Combine("m.dll");
        Assert.Equal(module, Find(module, named: null).Module);

        var image = Path.Combine(folder.Path, RuntimeInformation.RuntimeIdentifier, "m.dll");
        Directory.CreateDirectory(Path.GetDirectoryName(image)!);
        File.WriteAllText(image, "");
        Assert.Equal(image, Find(module, named: null).Module);
        Assert.Equal(module, Find(module, Environment.ProcessPath).Module);
        Assert.Equal(module, ModuleImages.SourceOf(image));
        Assert.Equal(module, ModuleImages.SourceOf(module));

        static WorkerCommandLine Find(string module, string? named) => WorkerCommandLine.Find(module, "/no/such/home", "/opt/pwsh", named);
    }

    [Theory]
    [InlineData("/usr/bin/program")]
    [InlineData("/usr/bin/dotnet")]
    public void A_process_without_an_engine_is_refused_with_the_way_out(string self)
    {
        var e = Assert.Throws<WorkerHostNotFoundException>(() => WorkerCommandLine.Find("/m.dll", Path.Combine(Path.GetTempPath(), "no-engine-here"), self, named: null));
        Assert.Contains(WorkerCommandLine.HostVariable, e.Message, StringComparison.Ordinal);
    }

    private static string? RootOf(WorkerCommandLine engine, EnvironmentSetting[] settings) =>
        engine.ToStartInfo("address", 0, "token", "/", settings).Environment.TryGetValue("DOTNET_ROOT", out var root) ? root : null;

    private static void Execute(string file, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);
        }
    }
}

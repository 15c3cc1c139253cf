using QueueLog.Tests.Support;

namespace QueueLog.Tests.Host;

public sealed class RunspaceTests
{
    [Fact]
    public async Task Parallel_blocks_have_the_everyday_commands()
    {
        var result = await HostProcess.RunAsync(
            "-c", "1..3 | ForEach-Object -Parallel { Write-Output \"n$_\"; Write-Host h; $null = Get-Location } -ThrottleLimit 2 | Sort-Object");

        Assert.Equal(["n1", "n2", "n3"], result.Lines.Where(line => line != "h"));
        Assert.Equal(3, result.Lines.Count(line => line == "h"));
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task An_unknown_command_is_explained_in_parallel_blocks_too()
    {
        var result = await HostProcess.RunAsync("-c", "1 | ForEach-Object -Parallel { Get-Nothing }");

        Assert.Contains("embedded engine", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_runs_in_a_process_of_its_own_with_the_everyday_commands()
    {
        var result = await HostProcess.RunAsync(
            "-c", "$mine = $PID; Start-Job { param($n) Write-Output ($n * 2); $PID -ne $using:mine } -ArgumentList 21 | Receive-Job -Wait -AutoRemoveJob");

        Assert.Equal(["42", "True"], result.Lines);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task The_staged_module_is_found_by_its_name()
    {
        var result = await HostProcess.RunAsync("-c", "Import-Module QueueLog -ErrorAction Stop; (Get-Module QueueLog).ModuleBase");

        Assert.Equal([Path.Combine(Repository.Root, "output", "QueueLog")], result.Lines);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task The_modules_export_exactly_the_commands_of_the_session()
    {
        // The names stand in two places: the session's fixed list and the manifests that other runspaces go by.
        var result = await HostProcess.RunAsync("-c", """
            $session = Get-Command -CommandType Cmdlet | Where-Object { $_.ImplementingType.Namespace -like 'QueueLog.Host.Prelude*' } | Select-Object -ExpandProperty Name
            $exported = Get-ChildItem $PSHOME/Modules/*/*.psd1 | ForEach-Object { (Import-PowerShellDataFile $_).CmdletsToExport }
            "$($session | Sort-Object)"
            "$($exported | Sort-Object)"
            """);

        Assert.Contains("Write-Output", result.Lines[0], StringComparison.Ordinal);
        Assert.Equal(result.Lines[0], result.Lines[1]);
    }
}

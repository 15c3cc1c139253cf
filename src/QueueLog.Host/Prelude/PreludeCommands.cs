using System.Management.Automation.Runspaces;
using QueueLog.Host.Prelude.Items;
using QueueLog.Host.Prelude.Objects;
using QueueLog.Host.Prelude.Processes;
using QueueLog.Host.Prelude.Session;
using QueueLog.Host.Prelude.Streams;
using QueueLog.Host.Prelude.Text;

namespace QueueLog.Host.Prelude;

/// <summary>The everyday commands, which pwsh has in modules that the engine's package does not contain.</summary>
internal static class PreludeCommands
{
    /// <summary>A fixed list, because looking the commands up by their attributes would cost every start.</summary>
    private static readonly (string Name, Type Type)[] All =
    [
        ("Add-Content", typeof(AddContentCommand)),
        ("Add-Member", typeof(AddMemberCommand)),
        ("Add-Type", typeof(AddTypeCommand)),
        ("Clear-Content", typeof(ClearContentCommand)),
        ("Convert-Path", typeof(ConvertPathCommand)),
        ("ConvertFrom-Json", typeof(ConvertFromJsonCommand)),
        ("ConvertTo-Json", typeof(ConvertToJsonCommand)),
        ("Copy-Item", typeof(CopyItemCommand)),
        ("Format-List", typeof(FormatListCommand)),
        ("Format-Table", typeof(FormatTableCommand)),
        ("Get-ChildItem", typeof(GetChildItemCommand)),
        ("Get-Content", typeof(GetContentCommand)),
        ("Get-Date", typeof(GetDateCommand)),
        ("Get-Item", typeof(GetItemCommand)),
        ("Get-Location", typeof(GetLocationCommand)),
        ("Get-Member", typeof(GetMemberCommand)),
        ("Get-Process", typeof(GetProcessCommand)),
        ("Get-Random", typeof(GetRandomCommand)),
        ("Get-Variable", typeof(GetVariableCommand)),
        ("Group-Object", typeof(GroupObjectCommand)),
        ("Import-PowerShellDataFile", typeof(ImportPowerShellDataFileCommand)),
        ("Invoke-Expression", typeof(InvokeExpressionCommand)),
        ("Join-Path", typeof(JoinPathCommand)),
        ("Measure-Command", typeof(MeasureCommandCommand)),
        ("Measure-Object", typeof(MeasureObjectCommand)),
        ("Move-Item", typeof(MoveItemCommand)),
        ("New-Guid", typeof(NewGuidCommand)),
        ("New-Item", typeof(NewItemCommand)),
        ("New-Object", typeof(NewObjectCommand)),
        ("New-TemporaryFile", typeof(NewTemporaryFileCommand)),
        ("New-TimeSpan", typeof(NewTimeSpanCommand)),
        ("New-Variable", typeof(NewVariableCommand)),
        ("Out-File", typeof(OutFileCommand)),
        ("Out-String", typeof(OutStringCommand)),
        ("Pop-Location", typeof(PopLocationCommand)),
        ("Push-Location", typeof(PushLocationCommand)),
        ("Read-Host", typeof(ReadHostCommand)),
        ("Remove-Item", typeof(RemoveItemCommand)),
        ("Remove-Variable", typeof(RemoveVariableCommand)),
        ("Rename-Item", typeof(RenameItemCommand)),
        ("Resolve-Path", typeof(ResolvePathCommand)),
        ("Select-Object", typeof(SelectObjectCommand)),
        ("Select-String", typeof(SelectStringCommand)),
        ("Set-Alias", typeof(SetAliasCommand)),
        ("Set-Content", typeof(SetContentCommand)),
        ("Set-Location", typeof(SetLocationCommand)),
        ("Set-Variable", typeof(SetVariableCommand)),
        ("Sort-Object", typeof(SortObjectCommand)),
        ("Split-Path", typeof(SplitPathCommand)),
        ("Start-Process", typeof(StartProcessCommand)),
        ("Start-Sleep", typeof(StartSleepCommand)),
        ("Stop-Process", typeof(StopProcessCommand)),
        ("Tee-Object", typeof(TeeObjectCommand)),
        ("Test-Path", typeof(TestPathCommand)),
        ("Wait-Process", typeof(WaitProcessCommand)),
        ("Write-Debug", typeof(WriteDebugCommand)),
        ("Write-Error", typeof(WriteErrorCommand)),
        ("Write-Host", typeof(WriteHostCommand)),
        ("Write-Information", typeof(WriteInformationCommand)),
        ("Write-Output", typeof(WriteOutputCommand)),
        ("Write-Progress", typeof(WriteProgressCommand)),
        ("Write-Verbose", typeof(WriteVerboseCommand)),
        ("Write-Warning", typeof(WriteWarningCommand)),
    ];

    public static void AddTo(InitialSessionState state)
    {
        foreach (var (name, type) in All)
        {
            state.Commands.Add(new SessionStateCmdletEntry(name, type, helpFileName: null));
        }
    }
}

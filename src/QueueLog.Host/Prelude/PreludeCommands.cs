using System.Management.Automation.Runspaces;

namespace QueueLog.Host.Prelude;

/// <summary>The everyday commands, which pwsh has in modules that the engine's package does not contain.</summary>
internal static class PreludeCommands
{
    /// <summary>A fixed list: looking the commands up by their attributes would cost every start.</summary>
    private static readonly (string Name, Type Type)[] All =
    [
        ("Get-Date", typeof(GetDateCommand)),
        ("Get-Random", typeof(GetRandomCommand)),
        ("Start-Sleep", typeof(StartSleepCommand)),
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

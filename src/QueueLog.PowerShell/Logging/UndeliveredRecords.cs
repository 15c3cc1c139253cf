using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Client;
using QueueLog.PowerShell.Errors;

namespace QueueLog.PowerShell.Logging;

/// <summary>Shows a logger's records where there is no listener: through the streams of the script that logs, so that its preferences and redirections hold.</summary>
internal static class UndeliveredRecords
{
    private const string Script = """
        param($line, $warning)
        if ($null -ne $warning) { Microsoft.PowerShell.Utility\Write-Warning -Message $warning }
        Microsoft.PowerShell.Utility\Write-Host -Object $line
        """;

    /// <returns>False where no script runs on this thread.</returns>
    public static bool TryShow(UndeliveredLine undelivered)
    {
        if (Runspace.DefaultRunspace is not { RunspaceIsRemote: false })
        {
            return false;
        }

        var warning = undelivered.IsFirst ? LogWarnings.NoListener(undelivered.Refusal) : null;
        try
        {
            ScriptBlock.Create(Script).Invoke(undelivered.Line, warning);
        }
        catch (ActionPreferenceStopException) when (warning is not null)
        {
            // Where a warning ends a script, this one does not: to log ends nothing.
            ScriptBlock.Create(Script).Invoke(undelivered.Line, null);
        }

        return true;
    }
}

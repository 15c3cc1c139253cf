using System.Management.Automation;

namespace QueueLog.PowerShell.Engine;

/// <summary>What <c>$PSStyle.OutputRendering</c> says of colours. The reference assembly does not know it.</summary>
internal static class OutputRendering
{
    /// <returns>True for Ansi, false for PlainText, and null for Host: as the terminal is.</returns>
    public static bool? WantsColours(PSCmdlet command) =>
        PSObject.AsPSObject(command.GetVariableValue("PSStyle", "")).Properties["OutputRendering"]?.Value?.ToString() switch
        {
            "Ansi" => true,
            "PlainText" => false,
            _ => null,
        };
}

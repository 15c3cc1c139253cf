using System.Collections;
using System.Management.Automation;
using System.Reflection;

namespace QueueLog.PowerShell.Engine;

/// <summary>Who stands beside a command in its pipeline.</summary>
internal static class PipelineNeighbour
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <returns>The name of the command that gets this one's output; null for none, and where the engine is built otherwise.</returns>
    public static string? NameAfter(PSCmdlet command)
    {
        var pipeline = command.CommandRuntime.GetType().GetProperty("PipelineProcessor", Inside)?.GetValue(command.CommandRuntime);
        return pipeline?.GetType().GetProperty("Commands", Inside)?.GetValue(pipeline) is IList commands
            && command.MyInvocation.PipelinePosition is var place && place > 0 && place < commands.Count
            && commands[place] is { } next
            ? (next.GetType().GetProperty("CommandInfo", Inside)?.GetValue(next) as CommandInfo)?.Name
            : null;
    }
}

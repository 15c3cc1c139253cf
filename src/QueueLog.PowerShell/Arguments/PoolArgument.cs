using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Pool;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Pools by the names a command was given.</summary>
internal static class PoolArgument
{
    /// <summary>Gives the living pools of each name, and writes an error for a name without wildcards that none has.</summary>
    /// <param name="command">The command.</param>
    /// <param name="names">The names.</param>
    /// <param name="isEndedFine">Whether a name that an ended pool had is no error.</param>
    public static IEnumerable<IItemPool> Find(Cmdlet command, string[] names, bool isEndedFine = false)
    {
        foreach (var name in names)
        {
            var found = PoolRegistry.Matching(name);
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name) && !(isEndedFine && PoolRegistry.HasEnded(name)))
            {
                command.WriteError(PoolErrors.PoolNotFound(name));
            }

            foreach (var pool in found)
            {
                yield return pool;
            }
        }
    }
}

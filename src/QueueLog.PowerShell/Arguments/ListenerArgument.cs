using System.Management.Automation;
using QueueLog.Client;
using QueueLog.Listener;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.Transport;

namespace QueueLog.PowerShell.Arguments;

/// <summary>What a -Listener parameter accepts: a listener object, the name of one of this session or this user, or an address.</summary>
internal static class ListenerArgument
{
    /// <returns>The address to write to, or null when nothing was given and there is no default.</returns>
    public static string? ToAddress(PSCmdlet cmdlet, object? value)
    {
        switch (RecordMapper.Unwrap(value))
        {
            case null:
                return ClientRegistry.DefaultAddress;
            case LogListener listener:
                return listener.Address;
            case string text when Path.IsPathRooted(text):
                return text;
            case string name:
                return Array.FindLast(ModuleState.Running, listener => listener.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Address ?? OfName(cmdlet, name);
            case { } other:
                cmdlet.ThrowTerminatingError(LogErrors.InvalidListenerArgument(other));
                return null;
        }
    }

    /// <summary>The running listeners of some names; without names the session's default one. A name that is not there is an error.</summary>
    public static IEnumerable<LogListener> Find(Cmdlet cmdlet, string[]? names)
    {
        if (names is null)
        {
            return ModuleState.Default is { } listener ? [listener] : [];
        }

        var found = new List<LogListener>();
        foreach (var name in names)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            var matches = Array.FindAll(ModuleState.Running, listener => pattern.IsMatch(listener.Name));
            if (matches.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                cmdlet.WriteError(LogErrors.ListenerNotFound(name));
            }

            found.AddRange(matches);
        }

        return found.Distinct();
    }

    private static string? OfName(PSCmdlet cmdlet, string name)
    {
        try
        {
            return PipeName.ToAddress(name);
        }
        catch (PipeNameException e)
        {
            cmdlet.ThrowTerminatingError(LogErrors.InvalidListenerName(name, e));
            return null;
        }
    }
}

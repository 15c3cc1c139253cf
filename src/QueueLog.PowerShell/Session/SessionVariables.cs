using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.Records;

namespace QueueLog.PowerShell.Session;

/// <summary>The variables that <c>-Variable</c> names: those the caller sees, without what every session has of its own.</summary>
internal sealed class SessionVariables(SessionState session, List<ScriptBlock> blocks)
{
    // What the engine sets while scripts run, beside those that every session begins with.
    private static readonly string[] OfScripts =
    [
        "_", "?", "^", "$", "args", "input", "this", "PSItem", "Error", "Matches", "foreach", "switch", "Event", "EventArgs", "EventSubscriber", "Sender",
        "ExecutionContext", "Host", "HOME", "LASTEXITCODE", "MyInvocation", "NestedPromptLevel", "PID", "PROFILE", "PSBoundParameters", "PSCmdlet",
        "PSCommandPath", "PSCulture", "PSDebugContext", "PSEdition", "PSHOME", "PSScriptRoot", "PSSenderInfo", "PSUICulture", "PSVersionTable", "PWD",
        "ShellId", "StackTrace", "true", "false", "null", "EnabledExperimentalFeatures", "IsCoreCLR", "IsLinux", "IsMacOS", "IsWindows",
    ];

    private static readonly Lazy<HashSet<string>> Automatic = new(static () =>
        new HashSet<string>(InitialSessionState.CreateDefault2().Variables.Select(static variable => variable.Name).Concat(OfScripts), StringComparer.OrdinalIgnoreCase));

    private readonly Dictionary<string, NamedValue> taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was taken so far.</summary>
    public NamedValue[] Values => [.. taken.Values];

    /// <summary>Whether a name says which variables it means by wildcards: then what cannot be carried is left out.</summary>
    public static bool IsPattern(string name) => WildcardPattern.ContainsWildcardCharacters(name);

    /// <summary>Takes the variables of a name, which may have wildcards.</summary>
    /// <param name="name">The name, without the dollar sign.</param>
    /// <param name="warn">Is told of what was left out though the name fits.</param>
    /// <returns>The error that keeps the one of a plain name from being had; null when it was taken.</returns>
    public ErrorRecord? Add(string name, Action<string> warn)
    {
        if (IsPattern(name))
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            foreach (var variable in All().Where(variable => pattern.IsMatch(variable.Name) && !Automatic.Value.Contains(variable.Name)))
            {
                if (TryAdd(variable.Name, variable.Value) is { } problem)
                {
                    warn(PoolErrors.VariableLeftOut(variable.Name, problem.Message));
                }
            }

            return null;
        }

        if (Automatic.Value.Contains(name))
        {
            return PoolErrors.VariableAutomatic(name);
        }

        return session.PSVariable.Get(name) is not { } found ? PoolErrors.VariableUndefined(name)
            : TryAdd(found.Name, found.Value) is { } reason ? PoolErrors.ArgumentNotSerializable($"The value of '${name}'", found.Value, reason)
            : null;
    }

    private IEnumerable<PSVariable> All()
    {
        Collection<PSObject> found = session.InvokeProvider.Item.Get("variable:*");
        return found.Select(static variable => RecordMapper.Unwrap(variable)).OfType<PSVariable>().Where(static variable => (variable.Options & ScopedItemOptions.Constant) == 0);
    }

    private ValueNotSerializableException? TryAdd(string name, object? value)
    {
        try
        {
            taken[name] = new NamedValue(name, SerializedValue.ToBytes(value, blocks));
            return null;
        }
        catch (ValueNotSerializableException e)
        {
            return e;
        }
    }
}

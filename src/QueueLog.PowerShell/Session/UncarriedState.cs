using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Session;

/// <summary>Finds what scripts count on and workers do not have: said once, it need not be looked for.</summary>
/// <param name="caller">The session of the command.</param>
internal sealed class UncarriedState(SessionState caller)
{
    // What the engine assigns itself, in the worker too.
    private static readonly HashSet<string> Automatic = new(
        ["_", "PSItem", "args", "input", "this", "null", "true", "false", "PSBoundParameters", "MyInvocation", "PSScriptRoot", "PSCommandPath", "PSCmdlet", "Matches", "Error", "LASTEXITCODE", "foreach", "switch", "StackTrace", "ExecutionContext", "Host", "PID", "PWD", "HOME", "PSHOME", "PSVersionTable", "PSCulture", "PSUICulture", "ShellId"],
        StringComparer.OrdinalIgnoreCase);

    // The scripts that were warned of.
    private static readonly ConditionalWeakTable<Ast, object> Warned = new();

    private readonly List<string> warnings = [];

    /// <summary>Looks at a value on its way to the workers.</summary>
    public void AddValue(string what, object? value)
    {
        if (RecordMapper.Unwrap(value) is { } shared && IsShared(shared))
        {
            warnings.Add(PoolWarnings.NotShared(what, shared.GetType()));
        }
    }

    /// <summary>Looks at a script that is carried as text.</summary>
    /// <param name="script">The script.</param>
    /// <param name="module">The module it belongs to; null for the caller's.</param>
    public void AddScript(Ast script, PSModuleInfo? module)
    {
        var parts = ScriptParts.Of(script);
        var session = module?.SessionState ?? caller;
        foreach (var name in parts.ScriptVariables.Where(name => session.PSVariable.Get("script:" + name) is { Value: not null }))
        {
            warnings.Add(PoolWarnings.ScriptVariable(name));
        }

        if (module is null || ModuleFinder.FileOf(module) is not null)
        {
            return;
        }

        foreach (var name in parts.FreeVariables.Where(name => !Automatic.Contains(name) && session.PSVariable.Get("script:" + name) is not null))
        {
            warnings.Add(PoolWarnings.ClosureVariable(name));
        }
    }

    /// <summary>What is to be said; nothing when it was said of the same script before.</summary>
    public IEnumerable<string> WarningsOf(ScriptBlock? script) =>
        warnings.Count > 0 && (script is null || Warned.TryAdd(script.Ast, this)) ? warnings.Distinct() : [];

    private static bool IsShared(object value) =>
        value is System.Collections.ICollection { IsSynchronized: true } or PSReference
        || value.GetType().Namespace is "System.Collections.Concurrent" or "System.Threading";
}

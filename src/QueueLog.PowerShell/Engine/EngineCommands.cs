using System.Management.Automation.Runspaces;

namespace QueueLog.PowerShell.Engine;

/// <summary>The functions and aliases that every session of the engine has, and so every worker.</summary>
internal static class EngineCommands
{
    // Looked at only when a script uses an alias, or a function that was written in no file: making it takes a moment.
    private static readonly Lazy<(Dictionary<string, string> Aliases, Dictionary<string, string> Functions)> All = new(Collect);

    public static bool HasAlias(string name, string definition) => All.Value.Aliases.GetValueOrDefault(name) == definition;

    public static bool HasFunction(string name, string text) => All.Value.Functions.TryGetValue(name, out var known) && known.Trim() == text.Trim();

    private static (Dictionary<string, string>, Dictionary<string, string>) Collect()
    {
        var aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var functions = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var command in InitialSessionState.CreateDefault2().Commands)
        {
            switch (command)
            {
                case SessionStateAliasEntry alias:
                    aliases[alias.Name] = alias.Definition;
                    break;
                case SessionStateFunctionEntry function:
                    functions[function.Name] = function.Definition;
                    break;
            }
        }

        return (aliases, functions);
    }
}

using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace QueueLog.PowerShell.Engine;

/// <summary>Which of the engine's own modules has a command. Only of those that are part of it, and come in no other version.</summary>
internal sealed class EngineModules
{
    private static readonly string[] Names = ["Microsoft.PowerShell.Management", "Microsoft.PowerShell.Utility", "Microsoft.PowerShell.Security"];
    private static readonly ConcurrentDictionary<string, EngineModules> Known = new();

    private readonly Dictionary<string, string> files = new(StringComparer.OrdinalIgnoreCase);

    private EngineModules(string home)
    {
        foreach (var name in Names)
        {
            var file = Path.Combine(home, "Modules", name, name + ".psd1");
            if (File.Exists(file) && Parser.ParseFile(file, out _, out _).Find(static ast => ast is HashtableAst, searchNestedScriptBlocks: false)?.SafeGetValue() is Hashtable manifest)
            {
                foreach (var command in (manifest["CmdletsToExport"] as IEnumerable ?? Array.Empty<object>()).Cast<object>().Concat(manifest["FunctionsToExport"] as IEnumerable<object> ?? []))
                {
                    files[command.ToString()!] = file;
                }
            }
        }
    }

    /// <summary>Where the engine of a session is.</summary>
    public static string HomeOf(SessionState session) => session.PSVariable.GetValue("PSHOME") as string ?? "";

    /// <summary>Those of an engine.</summary>
    /// <param name="home">Its <c>$PSHOME</c>.</param>
    public static EngineModules Of(string home) => Known.GetOrAdd(home, static home => new EngineModules(home));

    /// <summary>The file of the module that has a command; null for none.</summary>
    public string? FileOf(string command) => files.GetValueOrDefault(command);
}

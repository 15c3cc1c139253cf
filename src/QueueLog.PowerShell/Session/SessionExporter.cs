using System.Management.Automation;
using System.Management.Automation.Language;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Logging;
using QueueLog.Records;

namespace QueueLog.PowerShell.Session;

/// <summary>
/// Finds what scripts use of the caller's session by name: functions, with all that these use in turn, aliases, and modules
/// that a worker would not find by itself.
/// </summary>
internal sealed class SessionExporter
{
    /// <summary>The kinds of commands that a session has of its own.</summary>
    public const CommandTypes Carried = CommandTypes.Alias | CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet;

    private static readonly ScriptBlock Finder = ScriptBlock.Create("param($Name, $Types) foreach ($found in $ExecutionContext.InvokeCommand.GetCommands($Name, $Types, $false)) { return $found }");

    private readonly SessionState caller;
    private readonly EngineModules engineModules;
    private readonly Queue<(Ast Script, PSModuleInfo? Module)> waiting = new();
    private readonly HashSet<(string Name, PSModuleInfo? Module)> seen = new(new NameInModule());
    private readonly Dictionary<string, CarriedFunction> functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CarriedAlias> aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<CarriedModule> named;
    private readonly ModuleImports imports = new();
    private readonly UncarriedState? uncarried;
    private readonly TypeExporter types = new();

    /// <param name="caller">The session of the command.</param>
    /// <param name="engineModules">Knows what the engine brings.</param>
    /// <param name="named">Modules that are imported in any case, in their order.</param>
    /// <param name="uncarried">Looks at the scripts that are carried as text; null for nobody.</param>
    public SessionExporter(SessionState caller, EngineModules engineModules, IEnumerable<CarriedModule> named, UncarriedState? uncarried = null)
    {
        this.uncarried = uncarried;
        this.caller = caller;
        this.engineModules = engineModules;
        this.named = [.. named];
    }

    public CarriedFunction[] Functions => [.. functions.Values];

    public CarriedAlias[] Aliases => [.. aliases.Values];

    public CarriedScript[] Types => types.Scripts;

    public CarriedModule[] Modules => [.. named, .. imports.InOrder()];

    /// <summary>Adds what a script block uses.</summary>
    public void Add(ScriptBlock block)
    {
        // A closure has a module of its own, which sees more than the caller.
        waiting.Enqueue((block.Ast, block.Module));
        while (waiting.TryDequeue(out var next))
        {
            uncarried?.AddScript(next.Script, next.Module);
            foreach (var type in types.Add(next.Script))
            {
                waiting.Enqueue((type, next.Module));
            }

            foreach (var name in ScriptParts.Of(next.Script).CommandNames)
            {
                AddCommand(name, next.Module);
            }
        }
    }

    /// <summary>Adds all functions that a module without a file exports.</summary>
    public void AddExports(PSModuleInfo module)
    {
        foreach (var function in module.ExportedFunctions.Values)
        {
            AddCommand(function.Name, module);
        }
    }

    private void AddCommand(string name, PSModuleInfo? module)
    {
        if (!seen.Add((name, module)))
        {
            return;
        }

        switch (Find(name, module))
        {
            case AliasInfo alias:
                AddAlias(alias, module);
                break;
            case FunctionInfo function:
                AddFunction(function, module);
                break;
            case CmdletInfo { Module: { } source } cmdlet:
                AddModule(source, cmdlet);
                break;
            case null:
                AddEngineModule(name);
                break;
        }
    }

    private void AddAlias(AliasInfo alias, PSModuleInfo? module)
    {
        if (IsExported(alias.Module, alias.Module?.ExportedAliases, alias.Name) && AddModule(alias.Module!, alias))
        {
            return;
        }

        if (!EngineCommands.HasAlias(alias.Name, alias.Definition))
        {
            aliases.TryAdd(alias.Name, new CarriedAlias(alias.Name, alias.Definition));
        }

        AddCommand(alias.Definition, alias.Module ?? module);
    }

    private void AddFunction(FunctionInfo function, PSModuleInfo? module)
    {
        var block = function.ScriptBlock;
        if (IsExported(function.Module, function.Module?.ExportedFunctions, function.Name) && AddModule(function.Module!, function))
        {
            return;
        }

        if (block is null || functions.ContainsKey(function.Name) || ModuleFinder.IsOwn(function.Module))
        {
            return;
        }

        if (string.IsNullOrEmpty(block.File) && function.Module is null && EngineCommands.HasFunction(function.Name, block.ToString()))
        {
            return;
        }

        var isBody = block.Ast is not FunctionDefinitionAst;
        var text = isBody ? block.ToString() : block.Ast.Extent.Text;
        functions.Add(function.Name, new CarriedFunction(function.Name, text, isBody, isBody ? LocatedScript.LocationOf(block) : LocatedScript.LocationOf(block.Ast)));
        waiting.Enqueue((block.Ast, block.Module ?? module));
    }

    /// <returns>Whether workers have the module then; one without a file cannot be imported.</returns>
    private bool AddModule(PSModuleInfo module, CommandInfo command)
    {
        if (ModuleFinder.IsOwn(module))
        {
            return true;
        }

        if (ModuleFinder.FileOf(module) is not { } file)
        {
            return false;
        }

        if (!named.Exists(other => other.Name == file))
        {
            imports.Add(module, file, command);
        }

        return true;
    }

    // Not loaded in the session yet. What the engine brings cannot be another's, and is not to be loaded within an item's time.
    private void AddEngineModule(string command)
    {
        if (engineModules.FileOf(command) is { } file)
        {
            imports.Add(file, command);
        }
    }

    // What a module keeps to itself is there for the caller when the caller is a part of it, and is carried as text.
    private static bool IsExported<T>(PSModuleInfo? module, Dictionary<string, T>? exports, string name) =>
        module is not null && exports!.ContainsKey(name);

    // Not GetCommand: that would import modules here which only the workers need.
    private CommandInfo? Find(string name, PSModuleInfo? module)
    {
        if (module is null)
        {
            return caller.InvokeCommand.GetCommands(name, Carried, nameIsPattern: false).FirstOrDefault();
        }

        // The engine looks where it is running.
        return RecordMapper.Unwrap(module.Invoke(Finder, name, Carried)) as CommandInfo;
    }

    private sealed class NameInModule : IEqualityComparer<(string Name, PSModuleInfo? Module)>
    {
        public bool Equals((string Name, PSModuleInfo? Module) x, (string Name, PSModuleInfo? Module) y) =>
            ReferenceEquals(x.Module, y.Module) && x.Name.Equals(y.Name, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string Name, PSModuleInfo? Module) obj) => StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Name);
    }
}

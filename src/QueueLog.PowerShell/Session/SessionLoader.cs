using System.Management.Automation;
using System.Management.Automation.Language;
using QueueLog.Records;
using Shell = System.Management.Automation.PowerShell;

namespace QueueLog.PowerShell.Session;

/// <summary>The worker's side of <see cref="SessionExporter"/>: gives a worker what the scripts use, and takes it away again before the next call.</summary>
/// <param name="session">The worker's global session.</param>
/// <param name="invoke">Runs a pipeline with its streams on their way to the pool.</param>
internal sealed class SessionLoader(SessionState session, Action<Shell> invoke)
{
    // Dot-sourced, the definition makes the function in this scope or in the one it names; from there it goes to all.
    private const string DefineScript = """
        param($Definition, $Name, $Take)
        . $Definition
        $Take.Invoke($ExecutionContext.InvokeCommand.GetCommand($Name, 'Function, Filter'))
        """;

    // Classes and enumerations are found in the scope where the script that defines them ran.
    private const string DefineTypesScript = "param($__QueueLogTypes) . $__QueueLogTypes";

    private readonly List<Action> undo = [];

    // The scripts that have defined types, as far as they are those of the last definition that had any.
    private CarriedScript[] defined = [];

    // What each module was given at its last import.
    private readonly Dictionary<string, byte[][]> given = [];

    /// <summary>The module that is being imported; null when none is.</summary>
    public string? Importing { get; private set; }

    /// <summary>What loading a definition takes. Finding that out takes a while where modules are many, so it is asked once.</summary>
    public LoadNeeds NeedsOf(WorkDefinition definition)
    {
        var imports = Array.Exists(definition.Modules, IsMissing);
        return new LoadNeeds(imports, imports || definition.Initialization.Length > 0 || definition.Functions.Length > 0 || definition.Aliases.Length > 0 || AreTypesMissing(definition.Types));
    }

    public void Load(WorkDefinition definition, LoadNeeds needs)
    {
        Importing = null;

        // One behind the other, also those that are loaded: the last import decides which command a name means.
        if (needs.Imports)
        {
            Array.ForEach(definition.Modules, Import);
        }

        if (AreTypesMissing(definition.Types))
        {
            DefineTypes(definition.Types);
        }

        foreach (var alias in definition.Aliases)
        {
            SetAlias(alias.Name, alias.Definition);
        }

        // Last: the caller's functions go before those of modules, as they do for the caller.
        foreach (var function in definition.Functions)
        {
            Define(function);
        }
    }

    /// <summary>Restores the functions and aliases there were before. Modules stay: what they loaded cannot be taken out of a process.</summary>
    public void Undo()
    {
        for (var i = undo.Count - 1; i >= 0; i--)
        {
            undo[i]();
        }

        undo.Clear();
    }

    /// <summary>What was loaded so far stays for good.</summary>
    public void Keep() => undo.Clear();

    // A call of a warm pool finds most often what the one before has imported.
    private bool IsMissing(CarriedModule module) =>
        module.Commands.Length == 0 || !IsGiven(module) || Array.Exists(module.Commands, command => ModuleOf(command) is not { } known || ModuleFinder.FileOf(known) != module.Name);

    private PSModuleInfo? ModuleOf(string command) => session.InvokeCommand.GetCommands(command, SessionExporter.Carried, nameIsPattern: false).FirstOrDefault()?.Module;

    private bool IsGiven(CarriedModule module) =>
        !given.TryGetValue(module.Name, out var last)
        || (last.Length == module.Arguments.Length && last.Zip(module.Arguments).All(static pair => pair.First.AsSpan().SequenceEqual(pair.Second)));

    private void Import(CarriedModule module)
    {
        Importing = module.Name;
        using var shell = Shell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand("Import-Module")
            .AddParameter("Name", module.Name)
            .AddParameter("Scope", "Global")
            .AddParameter("DisableNameChecking")
            .AddParameter("ErrorAction", ActionPreference.Stop);
        if (module.Prefix.Length > 0)
        {
            shell.AddParameter("Prefix", module.Prefix);
        }

        if (module.Arguments.Length > 0)
        {
            shell.AddParameter("ArgumentList", Array.ConvertAll(module.Arguments, static argument => SerializedValue.Read(argument)));
        }

        if (!IsGiven(module))
        {
            shell.AddParameter("Force");
        }

        invoke(shell);
        given[module.Name] = module.Arguments;
        Importing = null;
    }

    private bool AreTypesMissing(CarriedScript[] types) =>
        types.Length > 0 && !types.Select(static script => script.Text).SequenceEqual(defined.Select(static script => script.Text));

    private void DefineTypes(CarriedScript[] types)
    {
        // Scripts that were parsed keep the types that they have found.
        LocatedScript.Forget();
        foreach (var script in types)
        {
            using var shell = Shell.Create(RunspaceMode.CurrentRunspace);
            shell.AddScript(DefineTypesScript, useLocalScope: false).AddArgument(LocatedScript.ToScriptBlock(script.Text, script.Location));
            invoke(shell);
        }

        session.PSVariable.Remove("global:__QueueLogTypes");
        defined = types;
    }

    private void Define(CarriedFunction function)
    {
        var block = LocatedScript.ToScriptBlock(function.Text, function.Location);
        if (!function.IsBody)
        {
            var name = function.Name;
            foreach (var statement in block.Ast.FindAll(static ast => ast is FunctionDefinitionAst, searchNestedScriptBlocks: false))
            {
                // It may be known by another name than it was written with, and be written with a scope.
                name = ((FunctionDefinitionAst)statement).Name;
                name = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
                break;
            }

            FunctionInfo? made = null;
            using var shell = Shell.Create(RunspaceMode.CurrentRunspace);
            shell.AddScript(DefineScript, useLocalScope: true).AddArgument(block).AddArgument(name).AddArgument(new Action<FunctionInfo>(found => made = found));
            invoke(shell);
            block = made!.ScriptBlock;
        }

        SetFunction(function.Name, block);
    }

    private void SetFunction(string name, ScriptBlock block)
    {
        var before = (session.InvokeCommand.GetCommands(name, CommandTypes.Function | CommandTypes.Filter, nameIsPattern: false).FirstOrDefault() as FunctionInfo)?.ScriptBlock;
        Replace("function:global:" + name, "function:" + name, block, before);
    }

    private void SetAlias(string name, string definition)
    {
        var before = (session.InvokeCommand.GetCommands(name, CommandTypes.Alias, nameIsPattern: false).FirstOrDefault() as AliasInfo)?.Definition;
        if (before != definition)
        {
            // The drive of the aliases has no scopes; a definition with any is loaded at the top, in the global one.
            Replace("alias:" + name, "alias:" + name, definition, before);
        }
    }

    // Setting understands a scope in the path and removing does not; it takes the nearest, and nothing is nearer there.
    private void Replace(string path, string plainPath, object value, object? before)
    {
        session.InvokeProvider.Item.Set([path], value, force: true, literalPath: true);
        undo.Add(before is null
            ? () => session.InvokeProvider.Item.Remove([plainPath], recurse: false, force: true, literalPath: true)
            : () => session.InvokeProvider.Item.Set([path], before, force: true, literalPath: true));
    }
}

/// <summary>What loading a definition takes.</summary>
/// <param name="Imports">Whether modules are to be imported.</param>
/// <param name="Pipeline">Whether it takes pipelines of its own, which cannot run inside another that is to see what they leave.</param>
internal readonly record struct LoadNeeds(bool Imports, bool Pipeline);

using System.Globalization;
using System.Management.Automation;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Session;

/// <summary>Gathers what the scripts of a run use of the session they were written in. Whatever cannot be taken along is an error, or a warning.</summary>
internal sealed class WorkDefinitionBuilder
{
    private readonly SessionState session;
    private readonly Action<string> warn;
    private readonly List<NamedValue> usingValues = [];
    private readonly List<ScriptBlock> blocks = [];
    private readonly List<ScriptBlock> scripts = [];
    private readonly UncarriedState uncarried;
    private readonly SessionVariables variables;
    private byte[][] arguments = [];

    /// <param name="session">The session.</param>
    /// <param name="warn">Told what a script uses and will not find.</param>
    public WorkDefinitionBuilder(SessionState session, Action<string> warn)
    {
        this.session = session;
        this.warn = warn;
        uncarried = new UncarriedState(session);
        variables = new SessionVariables(session, blocks);
    }

    /// <summary>Adds a script with the values of its <c>$using:</c> expressions.</summary>
    /// <returns>Why one of them cannot be taken along; null when all can.</returns>
    public ErrorRecord? AddScript(ScriptBlock script)
    {
        scripts.Add(script);
        return UsingValues.Collect(script, session, usingValues, blocks, uncarried);
    }

    /// <summary>Adds the values of -ArgumentList.</summary>
    /// <returns>As above.</returns>
    public ErrorRecord? AddArguments(object?[] values)
    {
        arguments = new byte[values.Length][];
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"-ArgumentList[{i}]");
            try
            {
                uncarried.AddValue(name, values[i]);
                arguments[i] = SerializedValue.ToBytes(values[i], blocks);
            }
            catch (ValueNotSerializableException e)
            {
                return PoolErrors.ArgumentNotSerializable(name, values[i], e);
            }
        }

        return null;
    }

    /// <summary>Adds the variables of a name or wildcard.</summary>
    /// <returns>As above.</returns>
    public ErrorRecord? AddVariables(string name) => variables.Add(name, warn);

    /// <summary>Completes a definition of the work.</summary>
    /// <param name="definition">What else it says.</param>
    /// <param name="modules">What -ImportModule names.</param>
    /// <param name="main">The script of the items; null for none.</param>
    /// <param name="whole">The whole definition.</param>
    /// <returns>As above.</returns>
    public ErrorRecord? Complete(WorkDefinition definition, object[] modules, ScriptBlock? main, out WorkDefinition whole)
    {
        whole = definition;
        if (arguments.Sum(static value => (long)value.Length) + usingValues.Concat(variables.Values).Sum(static value => (long)value.Value.Length) > ProtocolLimits.MaxValueLength)
        {
            return PoolErrors.ArgumentNotSerializable("What -ArgumentList, $using: and -Variable carry", null, new ValueNotSerializableException("Together it takes more than 2 GiB.", null));
        }

        var exporter = Export(modules);
        foreach (var warning in uncarried.WarningsOf(main))
        {
            warn(warning);
        }

        whole = definition with
        {
            Arguments = arguments,
            UsingValues = usingValues.ToArray(),
            Variables = variables.Values,
            Modules = exporter.Modules,
            Functions = exporter.Functions,
            Aliases = exporter.Aliases,
            Types = exporter.Types,
        };
        return null;
    }

    private SessionExporter Export(object[] modules)
    {
        var named = new List<CarriedModule>();
        var made = new List<PSModuleInfo>();
        foreach (var given in modules)
        {
            if (ModuleArgument.Convert(session, given, out var inMemory) is { Length: > 0 } module)
            {
                named.Add(new CarriedModule(module));
            }
            else if (inMemory is not null)
            {
                made.Add(inMemory);
            }
        }

        var exporter = new SessionExporter(session, EngineModules.Of(EngineModules.HomeOf(session)), named, uncarried);
        made.ForEach(exporter.AddExports);
        scripts.ForEach(exporter.Add);
        blocks.ForEach(exporter.Add);
        return exporter;
    }
}

using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Worker;

/// <summary>How the item, <c>-ArgumentList</c> and the values of <c>$using:</c> reach the block: as <c>$_</c>, by position and by name.</summary>
internal sealed class ArgumentBinder
{
    // The engine's name for the parameter by which a script gets the values of its $using: expressions.
    private const string UsingParameter = "-%";

    private readonly EngineState? engine;
    private object?[] arguments = [];
    private bool splats;

    // The block's parameters by their names and aliases, where items are spread over them.
    private Dictionary<string, string> parameters = [];
    private bool isBatch;
    private ItemPassing passing;

    // Whether the present definition has values for $using:, and whether the session was given them.
    private bool hasUsing;
    private bool findsUsing;

    /// <param name="engine">The inside of the session, if that is known.</param>
    /// <param name="begin">What the script that calls the block calls once, in its own scope.</param>
    public ArgumentBinder(EngineState? engine, Action begin)
    {
        this.engine = engine;
        CallsDirectly = engine is { CanCall: true };
        Call[3] = begin;
    }

    /// <summary>Script block, positional arguments, named arguments, <c>begin</c>, and whether the block takes input: what the middle of the pipeline reads for each item.</summary>
    public object?[] Call { get; } = new object?[5];

    /// <summary>Whether the present block is called without a pipeline of its own.</summary>
    public bool CallsDirectly { get; private set; }

    /// <summary>The values of <c>$using:</c> as a script's named arguments.</summary>
    public Hashtable UsingValues { get; private set; } = [];

    /// <summary>Takes a definition's block and values.</summary>
    /// <exception cref="ParseException">A script does not parse here.</exception>
    public void Load(WorkDefinition definition)
    {
        var block = LocatedScript.ToScriptBlock(definition.Script, definition.ScriptLocation);
        Call[0] = block;
        splats = definition.Splat;
        parameters = splats ? ParametersOf(block) : [];
        isBatch = definition.IsBatch;
        LoadValues(definition);
        passing = ItemPassing.Of(block, hasArguments: splats || arguments.Length > 0);
        Call[4] = passing.ByPipeline;
        CallsDirectly = engine is { CanCall: true } && !splats && (!hasUsing || findsUsing) && PlainBlock.Is(block);
    }

    /// <summary>Takes a definition's values anew, as each call needs them: items may have changed what is inside of them.</summary>
    public void LoadValues(WorkDefinition definition)
    {
        arguments = new object?[definition.Arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = SerializedValue.Read(definition.Arguments[i]);
        }

        UsingValues = [];
        if (definition.UsingValues.Length == 0 && !hasUsing)
        {
            return;
        }

        var values = new Hashtable(definition.UsingValues.Length);
        foreach (var value in definition.UsingValues)
        {
            values[value.Name] = SerializedValue.Read(value.Value);
        }

        hasUsing = values.Count > 0;
        if (hasUsing)
        {
            UsingValues[UsingParameter] = values;
        }

        findsUsing = engine?.TrySetUsing(values) == true;
    }

    /// <summary>Makes an item of a value, and its arguments.</summary>
    /// <exception cref="ProtocolException">The bytes are no value.</exception>
    public object? Bind(ReadOnlySpan<byte> value)
    {
        var item = SerializedValue.Read(value);
        if (isBatch && item is PSObject { BaseObject: ArrayList inputs })
        {
            // As it was gathered, and not as arrays travel.
            item = inputs.ToArray();
        }

        Release();
        if (!(splats && TrySplat(item)) && passing.AsArgument)
        {
            Call[1] = Prepend(item);
        }

        return item;
    }

    /// <summary>Lets go of an item: it may be large, and the next may be long in coming.</summary>
    public void Release()
    {
        Call[1] = arguments;
        Call[2] = UsingValues;
    }

    /// <summary>Calls the block with the arguments that were made, where <see cref="CallsDirectly"/> says that this can be done.</summary>
    public void CallBlock(Cmdlet command, object? item) => engine!.Call((ScriptBlock)Call[0]!, command, item, (object?[])Call[1]!);

    /// <summary>Spreads an item over the parameters: a dictionary by name, a list by position, the properties of an object by name as far as there are parameters for them.</summary>
    private bool TrySplat(object? item)
    {
        switch (item is PSObject wrapped ? wrapped.BaseObject : item)
        {
            case IDictionary dictionary:
                var named = new Hashtable(UsingValues, StringComparer.OrdinalIgnoreCase);
                foreach (DictionaryEntry entry in dictionary)
                {
                    named[entry.Key.ToString()!] = entry.Value;
                }

                Call[2] = named;
                return true;
            case IList list:
                var positional = new object?[list.Count + arguments.Length];
                list.CopyTo(positional, 0);
                arguments.CopyTo(positional, list.Count);
                Call[1] = positional;
                return true;
            case PSCustomObject:
                return TrySplatProperties((PSObject)item!);
            default:
                return false;
        }
    }

    private bool TrySplatProperties(PSObject row)
    {
        var named = new Hashtable(UsingValues, StringComparer.OrdinalIgnoreCase);
        var before = named.Count;
        foreach (var property in row.Properties)
        {
            if (parameters.TryGetValue(property.Name, out var parameter))
            {
                named[parameter] = property.Value;
            }
        }

        Call[2] = named;
        return named.Count > before;
    }

    private static Dictionary<string, string> ParametersOf(ScriptBlock block)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in (block.Ast as ScriptBlockAst)?.ParamBlock?.Parameters ?? Enumerable.Empty<ParameterAst>())
        {
            var name = parameter.Name.VariablePath.UserPath;
            names[name] = name;
            foreach (var alias in parameter.Attributes.OfType<AttributeAst>().Where(static attribute => attribute.TypeName.Name.Equals("Alias", StringComparison.OrdinalIgnoreCase)).SelectMany(static attribute => attribute.PositionalArguments).OfType<StringConstantExpressionAst>())
            {
                names.TryAdd(alias.Value, name);
            }
        }

        return names;
    }

    private object?[] Prepend(object? item)
    {
        var all = new object?[arguments.Length + 1];
        all[0] = item;
        arguments.CopyTo(all, 1);
        return all;
    }
}

using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Session;

/// <summary>The global variables as they were at one moment. Finding that nothing has changed takes a fraction of a microsecond.</summary>
internal sealed class SavedVariables
{
    private readonly EngineState engine;
    private Entry[] entries = [];
    private int count;

    // Those there were that need no watching.
    private readonly List<PSVariable> others = [];

    // What scripts add to by its members, not by assignment.
    private IDictionary? defaults;
    private DictionaryEntry[] savedDefaults = [];

    public SavedVariables(EngineState engine)
    {
        this.engine = engine;
        Save();
    }

    public void Restore()
    {
        if (engine.GlobalVariables.Count != count || IsAnyChanged())
        {
            RestoreAll();
        }

        RestoreDefaults();
    }

    private void Save()
    {
        var variables = engine.GlobalVariables;
        count = variables.Count;
        entries = new Entry[count];
        others.Clear();
        var kept = 0;
        foreach (var variable in variables.Values)
        {
            if (CanChange(variable))
            {
                entries[kept++] = new Entry(variable);
            }
            else
            {
                others.Add(variable);
            }
        }

        Array.Resize(ref entries, kept);
        defaults = variables.TryGetValue("PSDefaultParameterValues", out var found) ? RecordMapper.Unwrap(EngineState.ValueOf(found)) as IDictionary : null;
        savedDefaults = new DictionaryEntry[defaults?.Count ?? 0];
        var i = 0;
        foreach (DictionaryEntry entry in defaults ?? new Hashtable())
        {
            savedDefaults[i++] = entry;
        }
    }

    // Some compute their values, a constant has one for ever, and the location is restored in another way.
    private static bool CanChange(PSVariable variable) =>
        variable.GetType() == typeof(PSVariable) && (EngineState.OptionsOf(variable) & ScopedItemOptions.Constant) == 0 && variable.Name != "PWD";

    private bool IsAnyChanged()
    {
        foreach (ref readonly var entry in entries.AsSpan())
        {
            if (entry.IsChanged)
            {
                return true;
            }
        }

        return false;
    }

    private void RestoreAll()
    {
        var variables = engine.GlobalVariables;
        var saved = new HashSet<PSVariable>(others, ReferenceEqualityComparer.Instance);
        foreach (ref var entry in entries.AsSpan())
        {
            entry.Restore(variables);
            saved.Add(entry.Variable);
        }

        if (variables.Count == count)
        {
            return;
        }

        foreach (var variable in variables.Values.ToArray())
        {
            // One that came with a module stays with it: a module is loaded once in a process.
            if (variable.Module is null && !saved.Contains(variable))
            {
                variables.Remove(variable.Name);
                EngineState.WasRemoved(variable) = true;
            }
        }

        if (variables.Count != count)
        {
            Save();
        }
    }

    private void RestoreDefaults()
    {
        if (defaults is null || !AreDefaultsChanged(defaults))
        {
            return;
        }

        defaults.Clear();
        foreach (var (key, value) in savedDefaults)
        {
            defaults.Add(key, value);
        }
    }

    private bool AreDefaultsChanged(IDictionary present)
    {
        if (present.Count != savedDefaults.Length)
        {
            return true;
        }

        foreach (var saved in savedDefaults)
        {
            if (!ReferenceEquals(present[saved.Key], saved.Value))
            {
                return true;
            }
        }

        return false;
    }

    private struct Entry(PSVariable variable)
    {
        private readonly ScopedItemOptions options = EngineState.OptionsOf(variable);
        private readonly Attribute[] attributes = variable.Attributes.Count == 0 ? [] : [.. variable.Attributes];

        public PSVariable Variable { get; private set; } = variable;

        public readonly object? Value { get; } = EngineState.ValueOf(variable);

        public readonly bool IsChanged =>
            !ReferenceEquals(EngineState.ValueOf(Variable), Value) || EngineState.OptionsOf(Variable) != options || (Value is null && EngineState.WasRemoved(Variable));

        public void Restore(IDictionary<string, PSVariable> variables)
        {
            if (!IsChanged)
            {
                return;
            }

            if (!EngineState.WasRemoved(Variable) && Variable.Attributes.Count == attributes.Length)
            {
                EngineState.ValueOf(Variable) = Value;
                EngineState.OptionsOf(Variable) = options;
                return;
            }

            // Removed, its object lost what it was; [int]$global:x puts a condition on it that would outlive the value.
            Variable = Renew();
            variables[Variable.Name] = Variable;
        }

        private readonly PSVariable Renew()
        {
            try
            {
                return new PSVariable(Variable.Name, Value, options, new Collection<Attribute>(attributes)) { Description = Variable.Description };
            }
            catch (MetadataException)
            {
                // Its value was there before its conditions, and does not meet them.
                return new PSVariable(Variable.Name, Value, options) { Description = Variable.Description };
            }
        }
    }
}

using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using QueueLog.Client;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Extensions.Logging;

/// <summary>The named values of one record: those of its message, its event and its scopes, inner over outer.</summary>
internal sealed class PropertyCollector
{
    private const string TemplateKey = "{OriginalFormat}";
    private const string Between = " => ";

    // Taken while in use: a value's own code may log, too.
    [ThreadStatic]
    private static PropertyCollector? spare;

    private readonly List<LogProperty> items = [];
    private readonly StringBuilder scopeText = new();

    // So many are the record's own: no scope takes their place.
    private int own;

    public IReadOnlyList<LogProperty> Items => items;

    public int Count => items.Count;

    /// <summary>The template of the message, if the state has one.</summary>
    public string? Template { get; private set; }

    public static PropertyCollector Rent()
    {
        var taken = spare ?? new PropertyCollector();
        spare = null;
        return taken;
    }

    public void Return()
    {
        items.Clear();
        scopeText.Clear();
        own = 0;
        Template = null;
        spare = this;
    }

    public void AddState<TState>(TState state)
    {
        if (state is IReadOnlyList<KeyValuePair<string, object?>> list)
        {
            // The template stands last, and is wanted most where reading the values fails on the way.
            if (list.Count > 0 && list[^1].Key == TemplateKey)
            {
                AddOwn(list[^1]);
            }

            // By index: an enumerator would have to be allocated.
            for (var i = 0; i < list.Count; i++)
            {
                AddOwn(list[i]);
            }
        }
        else if (state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            foreach (var value in values)
            {
                AddOwn(value);
            }
        }

        own = items.Count;
    }

    public void AddEvent(EventId eventId)
    {
        if (eventId.Id != 0)
        {
            AddOrReplace("EventId", eventId.Id);
        }

        if (!string.IsNullOrEmpty(eventId.Name))
        {
            AddOrReplace("EventName", eventId.Name);
        }

        own = items.Count;
    }

    /// <summary>Adds the ids of the trace that the call is part of; nothing outside of one.</summary>
    public void AddTrace()
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            AddOrReplace("TraceId", activity.TraceId.ToHexString());
            AddOrReplace("SpanId", activity.SpanId.ToHexString());
        }
    }

    public void AddScopes(IExternalScopeProvider scopes)
    {
        scopes.ForEachScope(static (scope, collector) => collector.AddScope(scope), this);
        if (scopeText.Length > 0)
        {
            AddOrReplace("Scope", scopeText.ToString());
        }
    }

    /// <summary>Says that the program's own code failed while its values were read.</summary>
    public void AddFault(Exception e) => AddOrReplace("PropertyFault", $"{e.GetType().Name}: not all values of this record could be read");

    private void AddOwn(KeyValuePair<string, object?> value)
    {
        if (value.Key == TemplateKey)
        {
            Template = value.Value as string;
        }
        else if (value.Key is not null)
        {
            items.Add(new LogProperty(NameOf(value.Key), CapturedValue.Of(value.Value, MessageTemplate.CaptureOf(value.Key))));
        }
    }

    private void AddScope(object? scope)
    {
        switch (scope)
        {
            case null:
                break;
            case IEnumerable<KeyValuePair<string, object?>> values:
                AddScopeValues(scope, values);
                break;
            case IDictionary table:
                foreach (DictionaryEntry entry in table)
                {
                    AddOrReplace(ValueText.Of(entry.Key), entry.Value);
                }

                break;
            case KeyValuePair<string, object?> { Key: not null } pair:
                AddOrReplace(NameOf(pair.Key), pair.Value);
                break;
            case ITuple { Length: 2 } pair when pair[0] is string name:
                AddOrReplace(NameOf(name), pair[1]);
                break;
            default:
                AddScopeText(scope);
                break;
        }
    }

    // A scope made from a template is both: values, and a text.
    private void AddScopeValues(object scope, IEnumerable<KeyValuePair<string, object?>> values)
    {
        foreach (var (key, value) in values)
        {
            if (key == TemplateKey)
            {
                AddScopeText(scope);
            }
            else if (key is not null)
            {
                AddOrReplace(NameOf(key), value);
            }
        }
    }

    private void AddScopeText(object scope)
    {
        if (scopeText.Length > 0)
        {
            scopeText.Append(Between);
        }

        scopeText.Append(ValueText.Of(scope));
    }

    private void AddOrReplace(string name, object? value)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (string.Equals(items[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                items[i] = i < own ? items[i] : new LogProperty(name, value);
                return;
            }
        }

        items.Add(new LogProperty(name, value));
    }

    // As in the holes of a template, @ and $ say how a value is to be kept, not what it is called.
    private static string NameOf(string key) => key.Length > 1 && key[0] is '@' or '$' ? key[1..] : key;
}

using System.Collections;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace QueueLog.Host.Prelude.Objects;

/// <summary>
/// One entry of a -Property list: a name, a script block, or a table with <c>Name</c>, <c>Expression</c> and, for sorting,
/// <c>Descending</c>.
/// </summary>
internal sealed class PropertyValue
{
    private readonly PSPropertyExpression _expression;

    private PropertyValue(string name, PSPropertyExpression expression, bool? descending)
    {
        Name = name;
        _expression = expression;
        Descending = descending;
    }

    public string Name { get; }
    public bool? Descending { get; }

    public static PropertyValue[] ParseAll(object[]? entries) => entries is null ? [] : [.. entries.Select(Parse)];

    public object? Of(PSObject? item) =>
        item is null ? null : _expression.GetValues(item).FirstOrDefault(value => value.Exception is null)?.Result;

    /// <summary>The names a wildcard stands for on this object; the name alone for anything else.</summary>
    public IEnumerable<PropertyValue> On(PSObject item) => !_expression.HasWildCardCharacters
        ? [this]
        : _expression.ResolveNames(item).Select(found => new PropertyValue(found.ToString(), found, Descending));

    private static PropertyValue Parse(object entry) => (entry is PSObject wrapped ? wrapped.BaseObject : entry) switch
    {
        ScriptBlock block => new PropertyValue(block.ToString(), new PSPropertyExpression(block), null),
        IDictionary table => FromTable(table),
        var name => FromName(name.ToString()!, null),
    };

    private static PropertyValue FromTable(IDictionary table)
    {
        var expression = Find(table, "Expression") ?? Find(table, "Name") ?? Find(table, "Label")
            ?? throw new PSArgumentException("A property table needs an Expression.");
        var value = Parse(expression);
        var name = (Find(table, "Name") ?? Find(table, "Label"))?.ToString() ?? value.Name;
        var descending = Find(table, "Descending") ?? (Find(table, "Ascending") is { } up ? !LanguagePrimitives.IsTrue(up) : null);
        return new PropertyValue(name, value._expression, descending is null ? null : LanguagePrimitives.IsTrue(descending));
    }

    private static PropertyValue FromName(string name, bool? descending) => new(name, new PSPropertyExpression(name), descending);

    /// <summary>Keys may be shortened, as in <c>@{n='Size';e={…}}</c>.</summary>
    private static object? Find(IDictionary table, string key) => table.Keys.Cast<object>()
        .Where(candidate => candidate.ToString() is { Length: > 0 } text && key.StartsWith(text, StringComparison.OrdinalIgnoreCase))
        .Select(candidate => table[candidate])
        .FirstOrDefault();
}

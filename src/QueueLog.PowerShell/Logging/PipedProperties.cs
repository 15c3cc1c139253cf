using System.Collections;
using System.Management.Automation;
using QueueLog.Client;
using QueueLog.Records;

namespace QueueLog.PowerShell.Logging;

/// <summary>What an object that is piped in has for the holes of a message: <c>Get-Process | Write-QueueLog 'proc {Name} {Id}'</c>.</summary>
internal static class PipedProperties
{
    /// <summary>The values of the holes, and behind them those given; the given ones alone where the object has none.</summary>
    public static LogProperties? For(string message, object piped, LogProperties? given)
    {
        List<LogProperty>? found = null;
        foreach (var part in MessageTemplate.Of(message).Parts)
        {
            if (part.Name is { } name && !Has(found, name) && !Has(given, name) && TryGet(piped, name, out var value))
            {
                found ??= [];
                found.Add(new LogProperty(name, RecordedValue.Of(value)));
            }
        }

        return found is null ? given : new LogProperties([.. found, .. given ?? LogProperties.Empty]);
    }

    private static bool Has(IEnumerable<LogProperty>? properties, string name) =>
        properties is not null && properties.Any(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool TryGet(object piped, string name, out object? value)
    {
        value = null;
        if (RecordMapper.Unwrap(piped) is IDictionary table)
        {
            if (table.Contains(name))
            {
                value = table[name];
                return true;
            }

            return false;
        }

        if (PSObject.AsPSObject(piped).Properties[name] is not { IsGettable: true } property)
        {
            return false;
        }

        try
        {
            value = property.Value;
        }
        catch (GetValueException e)
        {
            value = $"({(e.InnerException ?? e).GetType().Name})";
        }

        return true;
    }
}

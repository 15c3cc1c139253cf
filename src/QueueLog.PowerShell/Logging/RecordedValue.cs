using System.Collections;
using System.Management.Automation;
using QueueLog.Records;

namespace QueueLog.PowerShell.Logging;

/// <summary>Values of a script as records keep them: without the engine's wrappers, and a custom object as its properties.</summary>
internal static class RecordedValue
{
    // A record keeps no more than these either.
    private const int MaxDepth = 6;
    private const int MaxValues = 1001;

    /// <summary>Whether a value is not recorded as it is.</summary>
    public static bool IsOther(object? value) => value is PSObject or (ICollection and not byte[]);

    public static object? Of(object? value)
    {
        if (!IsOther(value))
        {
            return value;
        }

        try
        {
            var left = MaxValues;
            return Of(value, MaxDepth, ref left);
        }
#pragma warning disable CA1031 // any exception: the value's own code runs here, and logging never takes its caller down
        catch (Exception e) when (e is not PipelineStoppedException)
#pragma warning restore CA1031
        {
            return RecordMapper.Unwrap(value);
        }
    }

    private static object? Of(object? value, int depth, ref int left)
    {
        switch (value)
        {
            case PSObject { BaseObject: PSCustomObject } custom:
                return depth == 0 ? "" : OfMembers(custom, depth, ref left);
            case PSObject wrapped:
                return Of(wrapped.BaseObject, depth, ref left);
            case IDictionary table when depth > 0:
                return OfTable(table, depth, ref left);
            case ICollection list and not byte[] when depth > 0:
                return OfList(list, depth, ref left);
            default:
                return value;
        }
    }

    private static LogProperties OfMembers(PSObject custom, int depth, ref int left)
    {
        var members = new List<LogProperty>();
        foreach (var property in custom.Properties)
        {
            if (left-- <= 0)
            {
                break;
            }

            object? value;
            try
            {
                value = property.IsGettable ? property.Value : null;
            }
            catch (GetValueException e)
            {
                value = $"({(e.InnerException ?? e).GetType().Name})";
            }

            members.Add(new LogProperty(property.Name, Of(value, depth - 1, ref left)));
        }

        return new LogProperties(members);
    }

    private static LogProperties OfTable(IDictionary table, int depth, ref int left)
    {
        var members = new List<LogProperty>(Math.Min(table.Count, left));
        foreach (DictionaryEntry entry in table)
        {
            if (left-- <= 0)
            {
                break;
            }

            members.Add(new LogProperty(OutputText.Of(entry.Key), Of(entry.Value, depth - 1, ref left)));
        }

        return new LogProperties(members);
    }

    private static object?[] OfList(ICollection list, int depth, ref int left)
    {
        var elements = new List<object?>(Math.Min(list.Count, left));
        foreach (var element in list)
        {
            if (left-- <= 0)
            {
                break;
            }

            elements.Add(Of(element, depth - 1, ref left));
        }

        return [.. elements];
    }
}

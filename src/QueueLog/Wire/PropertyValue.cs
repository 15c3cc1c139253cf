using System.Collections.Specialized;
using System.Text;

namespace QueueLog.Wire;

/// <summary>Values of properties as objects: lists are arrays, and objects ordered tables as <c>[ordered]@{}</c> makes them.</summary>
internal static class PropertyValue
{
    /// <summary>The value the reader stands at.</summary>
    public static object? Of(scoped in PropertyReader property) => property.Kind switch
    {
        PropertyKind.Text => Encoding.UTF8.GetString(property.Text),
        PropertyKind.Integer => property.Integer,
        PropertyKind.Double => property.Double,
        PropertyKind.Boolean => property.Integer != 0,
        PropertyKind.Timestamp => ToTimestamp(property.Integer, property.OffsetMinutes),
        PropertyKind.Number => NumberText.Read(property.Text),
        PropertyKind.List => ToArray(property.Values),
        PropertyKind.Object => ToTable(property.Values),
        _ => null,
    };

    /// <summary>The time on the writer's clock. What a broken writer sent as a time must not stop the log: it is bent into range.</summary>
    public static DateTimeOffset ToTimestamp(long utcTicks, short offsetMinutes)
    {
        const short MostMinutes = 14 * 60;
        var utc = Math.Clamp(utcTicks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        var offset = TimeSpan.FromMinutes(Math.Clamp(offsetMinutes, (short)-MostMinutes, MostMinutes));
        var local = utc + offset.Ticks;
        return local >= DateTime.MinValue.Ticks && local <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(local, offset)
            : new DateTimeOffset(utc, TimeSpan.Zero);
    }

    private static object?[] ToArray(PropertyReader values)
    {
        var elements = new List<object?>();
        while (values.Read())
        {
            elements.Add(Of(in values));
        }

        return [.. elements];
    }

    private static OrderedDictionary ToTable(PropertyReader values)
    {
        var table = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        while (values.Read())
        {
            table[Encoding.UTF8.GetString(values.Name)] = Of(in values);
        }

        return table;
    }
}

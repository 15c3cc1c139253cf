using System.Globalization;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Writes the properties of a record: one by its name, or all of them.</summary>
internal static class PropertyText
{
    /// <summary>Writes the property of that name, case ignored as PowerShell does; nothing when the record has none.</summary>
    public static void Append(ref EntryWriter entry, PropertyReader properties, ReadOnlySpan<byte> name, ValueFormat? format)
    {
        while (properties.Read())
        {
            if (properties.Name.SequenceEqual(name) || Ascii.EqualsIgnoreCase(properties.Name, name))
            {
                AppendValue(ref entry, in properties, format);
                return;
            }
        }
    }

    /// <summary>Writes all of them as <c>{Name=value, Other=value}</c>; nothing when there are none.</summary>
    public static void AppendAll(ref EntryWriter entry, PropertyReader properties) => AppendTable(ref entry, properties, default);

    private static void AppendTable(ref EntryWriter entry, PropertyReader properties, ReadOnlySpan<byte> ofNone)
    {
        var separator = "{"u8;
        while (properties.Read())
        {
            entry.Append(separator);
            entry.AppendText(properties.Name);
            entry.AppendByte((byte)'=');
            AppendValue(ref entry, in properties, null);
            separator = ", "u8;
        }

        entry.Append(separator.Length == 2 ? "}"u8 : ofNone);
    }

    private static void AppendList(ref EntryWriter entry, PropertyReader values)
    {
        entry.AppendByte((byte)'[');
        var separator = ""u8;
        while (values.Read())
        {
            entry.Append(separator);
            AppendValue(ref entry, in values, null);
            separator = ", "u8;
        }

        entry.AppendByte((byte)']');
    }

    private static void AppendNumber(ref EntryWriter entry, scoped ReadOnlySpan<byte> digits, string? format)
    {
        if (format is not null && decimal.TryParse(digits, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            entry.AppendValue(number, format);
        }
        else
        {
            entry.Append(digits);
        }
    }

    private static void AppendValue(ref EntryWriter entry, scoped in PropertyReader property, ValueFormat? format)
    {
        switch (property.Kind)
        {
            case PropertyKind.Text:
                entry.AppendText(property.Text);
                break;
            case PropertyKind.Integer:
                AppendFormatted(ref entry, property.Integer, format?.ForInteger);
                break;
            case PropertyKind.Double:
                AppendFormatted(ref entry, property.Double, format?.ForDouble);
                break;
            case PropertyKind.Boolean:
                entry.Append(property.Integer != 0 ? "true"u8 : "false"u8);
                break;
            case PropertyKind.Timestamp:
                AppendFormatted(ref entry, TimestampText.ToTime(property.Integer, property.OffsetMinutes), format?.ForTimestamp ?? "O");
                break;
            case PropertyKind.Number:
                AppendNumber(ref entry, property.Text, format?.ForDouble);
                break;
            case PropertyKind.List:
                AppendList(ref entry, property.Values);
                break;
            case PropertyKind.Object:
                AppendTable(ref entry, property.Values, "{}"u8);
                break;
        }
    }

    private static void AppendFormatted<T>(ref EntryWriter entry, T value, string? format)
        where T : IUtf8SpanFormattable => entry.AppendValue(value, format);
}

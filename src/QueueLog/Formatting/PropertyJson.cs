using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Writes the properties of a record as the members of a JSON object.</summary>
internal static class PropertyJson
{
    /// <summary>Writes them all, with a comma before each but the first.</summary>
    /// <param name="entry">Where to.</param>
    /// <param name="properties">The properties.</param>
    /// <param name="names">Writes their names.</param>
    /// <param name="isFirst">Whether nothing stands before them.</param>
    public static void Append(ref EntryWriter entry, PropertyReader properties, MemberNames names, bool isFirst)
    {
        var unique = new UniqueNames(properties);
        while (properties.Read())
        {
            if (!isFirst)
            {
                entry.AppendByte((byte)',');
            }

            isFirst = false;
            var isFirstOfItsName = unique.IsFirst(properties.Name);
            if (isFirstOfItsName && names.IsCompact && TraceIds.NameOf(in properties) is { IsEmpty: false } trace)
            {
                entry.Append(trace);
            }
            else if (isFirstOfItsName)
            {
                names.Append(ref entry, properties.Name);
            }
            else
            {
                names.AppendNew(ref entry, unique.Rename(properties.Name));
            }

            AppendValue(ref entry, in properties);
        }
    }

    /// <summary>Writes a value as JSON.</summary>
    public static void AppendValue(ref EntryWriter entry, scoped in PropertyReader property)
    {
        switch (property.Kind)
        {
            case PropertyKind.Null:
                entry.Append("null"u8);
                break;
            case PropertyKind.Boolean:
                entry.Append(property.Integer != 0 ? "true"u8 : "false"u8);
                break;
            case PropertyKind.Integer:
                entry.AppendNumber(property.Integer);
                break;
            case PropertyKind.Double:
                AppendDouble(ref entry, property.Double);
                break;
            case PropertyKind.Timestamp:
                entry.AppendByte((byte)'"');
                entry.AppendValue(TimestampText.ToTime(property.Integer, property.OffsetMinutes), "O");
                entry.AppendByte((byte)'"');
                break;
            case PropertyKind.Number:
                AppendNumber(ref entry, property.Text);
                break;
            case PropertyKind.List:
                AppendList(ref entry, property.Values);
                break;
            case PropertyKind.Object:
                AppendObject(ref entry, property.Values);
                break;
            default:
                AppendText(ref entry, property.Text);
                break;
        }
    }

    /// <summary>Writes a number in digits. A decimal has a zero more at its end, which a double never has.</summary>
    public static void AppendNumber(ref EntryWriter entry, scoped ReadOnlySpan<byte> digits)
    {
        entry.Append(digits);
        if (digits.Contains((byte)'.'))
        {
            entry.AppendByte((byte)'0');
        }
    }

    private static void AppendList(ref EntryWriter entry, PropertyReader values)
    {
        var start = entry.Length;
        while (values.Read())
        {
            entry.AppendByte(entry.Length == start ? (byte)'[' : (byte)',');
            AppendValue(ref entry, in values);
        }

        entry.Append(entry.Length == start ? "[]"u8 : "]"u8);
    }

    private static void AppendObject(ref EntryWriter entry, PropertyReader values)
    {
        var unique = new UniqueNames(values);
        var start = entry.Length;
        while (values.Read())
        {
            entry.Append(entry.Length == start ? "{\""u8 : ",\""u8);
            entry.AppendQuoted(unique.IsFirst(values.Name) ? values.Name : unique.Rename(values.Name));
            entry.Append("\":"u8);
            AppendValue(ref entry, in values);
        }

        entry.Append(entry.Length == start ? "{}"u8 : "}"u8);
    }

    private static void AppendDouble(ref EntryWriter entry, double value)
    {
        if (double.IsFinite(value))
        {
            TypedText.AppendDouble(ref entry, value);
            return;
        }

        // JSON has no number for these.
        entry.AppendByte((byte)'"');
        TypedText.AppendDouble(ref entry, value);
        entry.AppendByte((byte)'"');
    }

    private static void AppendText(ref EntryWriter entry, scoped ReadOnlySpan<byte> text)
    {
        entry.AppendByte((byte)'"');
        if (TypedText.IsNotFinite(text) || TypedText.MayBeTimestamp(text))
        {
            // Any reader takes it for the same text, and ours knows by the escape that it is one.
            entry.AppendCodeUnit(text[0]);
            text = text[1..];
        }

        entry.AppendQuoted(text);
        entry.AppendByte((byte)'"');
    }
}

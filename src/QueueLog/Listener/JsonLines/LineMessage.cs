using System.Text;
using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Listener.JsonLines;

/// <summary>Fills the holes of a template that came without its message, as a client of the module does before it sends.</summary>
internal static class LineMessage
{
    // What comes from elsewhere must not keep the listener busy with a template of a million holes.
    private const int LongestTemplate = 16 * 1024;

    /// <summary>The names of a template's holes, for so many values that come without.</summary>
    public static ReadOnlySpan<byte[]> HolesOf(ReadOnlySpan<byte> template, int values) =>
        template.Length <= LongestTemplate ? MessageTemplate.Of(Encoding.UTF8.GetString(template)).NamesOf(values) : default;

    /// <summary>Undoes what our Json format does to a template for other readers.</summary>
    public static void RestoreTemplate(LineRecord record)
    {
        var restored = new ByteWriter(256);
        if (CompactTemplate.TryRestore(record.Get(LineText.Template), restored))
        {
            record.Set(LineText.Template, restored.Written);
        }
    }

    /// <summary>Makes the message of the template.</summary>
    /// <param name="record">Has a template, and its properties.</param>
    /// <param name="positional">Where the values begin that fill the holes in their order; the others fill them by name.</param>
    /// <exception cref="ProtocolException">The message is longer than a record may be.</exception>
    public static void Render(LineRecord record, ReadOnlySpan<byte> positional)
    {
        if (record.Get(LineText.Template).Length > LongestTemplate)
        {
            record.Set(LineText.Message, record.Get(LineText.Template));
            return;
        }

        var output = new ByteWriter();
        var template = MessageTemplate.Of(Encoding.UTF8.GetString(record.Get(LineText.Template)));
        var given = CountOf(positional);
        foreach (var part in template.Parts)
        {
            if (part.Name is null)
            {
                output.WriteBytes(part.TextUtf8);
            }
            else if (TryGet(positional, template.ArgumentOf(part, given), out var value))
            {
                Append(output, in value, part);
            }
            else if (TryFind(record.Properties.Encoded, part.NameUtf8, out var named))
            {
                Append(output, in named, part);
            }
            else
            {
                output.WriteBytes(part.TextUtf8);
            }

            if (output.Length > ProtocolLimits.MaxRecordLength)
            {
                throw new ProtocolException($"Its message has more than {ProtocolLimits.MaxRecordLength} bytes.");
            }
        }

        record.Set(LineText.Message, output.Written);
    }

    private static int CountOf(ReadOnlySpan<byte> properties)
    {
        var reader = new PropertyReader(properties);
        var count = 0;
        while (reader.Read())
        {
            count++;
        }

        return count;
    }

    private static bool TryGet(ReadOnlySpan<byte> properties, int index, out PropertyReader property)
    {
        property = new PropertyReader(properties);
        while (property.Read())
        {
            if (index-- == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryFind(ReadOnlySpan<byte> properties, ReadOnlySpan<byte> name, out PropertyReader property)
    {
        property = new PropertyReader(properties);
        while (property.Read())
        {
            if (property.Name.SequenceEqual(name) || Ascii.EqualsIgnoreCase(property.Name, name))
            {
                return true;
            }
        }

        return false;
    }

    private static void Append(ByteWriter output, scoped in PropertyReader property, MessageTemplate.Part part)
    {
        ValueText.Append(output, PropertyValue.Of(in property), ValueFormat.IsSafe(part.Format) ? part.Format : null, part.Alignment);
    }
}

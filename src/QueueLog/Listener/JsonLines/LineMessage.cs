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

    /// <summary>The names of a template's holes, for values that come without.</summary>
    public static IReadOnlyList<byte[]> HolesOf(ReadOnlySpan<byte> template)
    {
        var holes = new List<byte[]>();
        if (template.Length <= LongestTemplate)
        {
            foreach (var part in MessageTemplate.Of(Encoding.UTF8.GetString(template)).Parts)
            {
                if (part.Name is not null)
                {
                    holes.Add(part.NameUtf8);
                }
            }
        }

        return holes;
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
        var inOrder = new PropertyReader(positional);
        foreach (var part in MessageTemplate.Of(Encoding.UTF8.GetString(record.Get(LineText.Template))).Parts)
        {
            if (part.Name is null)
            {
                output.WriteBytes(part.TextUtf8);
            }
            else if (inOrder.Read())
            {
                Append(output, in inOrder, part);
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
        object? value = property.Kind switch
        {
            PropertyKind.Text => Encoding.UTF8.GetString(property.Text),
            PropertyKind.Integer => property.Integer,
            PropertyKind.Double => property.Double,
            PropertyKind.Boolean => property.Integer != 0,
            PropertyKind.Timestamp => new DateTimeOffset(property.Integer, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(property.OffsetMinutes)),
            _ => null,
        };
        ValueText.Append(output, value, ValueFormat.IsSafe(part.Format) ? part.Format : null, part.Alignment);
    }
}

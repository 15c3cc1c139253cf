using System.Collections;
using System.Text;
using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Lists, tables and objects as values of properties, one within the other.</summary>
internal static class StructureCodec
{
    // value  = length:varint properties        of List and Object; the properties of a list have empty names
    // What is beyond these is cut: a structure may hold itself, or a whole database.
    private const int MaxDepth = 5;
    private const int MaxValues = 1000;
    private const int MaxLength = 64 * 1024;

    /// <summary>Stands for what was cut.</summary>
    private const string Cut = "…";

    /// <summary>Whether a value has values within.</summary>
    public static bool IsStructure(object? value) => value is ICollection or LogProperties;

    /// <summary>Writes a structure as the value of a property.</summary>
    /// <returns>False when it is none; nothing is written then.</returns>
    public static bool TryWrite(ByteWriter output, object value)
    {
        if (!IsStructure(value))
        {
            return false;
        }

        var start = output.Length;
        try
        {
            var left = MaxValues;
            Write(output, value, MaxDepth, ref left, start + MaxLength);
            return true;
        }
#pragma warning disable CA1031 // any exception: the value's own code runs here, and logging never takes its caller down
        catch (Exception)
#pragma warning restore CA1031
        {
            output.Truncate(start);
            return false;
        }
    }

    /// <summary>Checks what is within a property; numbers too.</summary>
    /// <exception cref="ProtocolException">It cannot be.</exception>
    public static void Validate(scoped in PropertyReader property)
    {
        var left = ProtocolLimits.MaxNestedValues;
        Validate(in property, ProtocolLimits.MaxPropertyDepth, ref left);
    }

    private static void Write(ByteWriter output, object value, int depth, ref int left, int end)
    {
        output.WriteByte((byte)(value is IDictionary or LogProperties ? PropertyKind.Object : PropertyKind.List));
        var start = output.BeginText();
        switch (value)
        {
            case LogProperties properties:
                foreach (var property in properties)
                {
                    if (!TryWriteMember(output, property.Name, property.Value, depth, ref left, end))
                    {
                        break;
                    }
                }

                break;
            case IDictionary table:
                foreach (DictionaryEntry entry in table)
                {
                    if (!TryWriteMember(output, ValueText.Of(entry.Key), entry.Value, depth, ref left, end))
                    {
                        break;
                    }
                }

                break;
            default:
                foreach (var element in (ICollection)value)
                {
                    if (!TryWriteMember(output, "", element, depth, ref left, end))
                    {
                        break;
                    }
                }

                break;
        }

        output.EndText(start);
    }

    private static bool TryWriteMember(ByteWriter output, string name, object? value, int depth, ref int left, int end)
    {
        if (left-- <= 0 || output.Length > end)
        {
            RecordCodec.WriteProperty(output, name.Length == 0 ? default : Encoding.UTF8.GetBytes(Cut), Cut);
            return false;
        }

        var utf8 = Encoding.UTF8.GetBytes(name);
        if (name.Length > 0 && SecretName.Hides(name, value))
        {
            RecordCodec.WriteProperty(output, utf8, SecretName.Shown);
        }
        else if (!IsStructure(value))
        {
            RecordCodec.WriteProperty(output, utf8, value is string text && text.Length > MaxLength ? text[..MaxLength] + Cut : value);
        }
        else if (depth == 0)
        {
            RecordCodec.WriteProperty(output, utf8, Cut);
        }
        else
        {
            output.WriteText(utf8.AsSpan());
            Write(output, value!, depth - 1, ref left, end);
        }

        return true;
    }

    private static void Validate(scoped in PropertyReader property, int depth, ref int left)
    {
        switch (property.Kind)
        {
            case PropertyKind.Timestamp when RecordCodec.IsImpossible(in property):
                throw new ProtocolException("A property has an impossible time.");
            case PropertyKind.Number when !NumberText.IsNumber(property.Text):
                throw new ProtocolException("A property has a number that is none.");
            case PropertyKind.List or PropertyKind.Object:
                if (depth == 0)
                {
                    throw new ProtocolException($"A property is more than {ProtocolLimits.MaxPropertyDepth} levels deep.");
                }

                var values = property.Values;
                while (values.Read())
                {
                    if (left-- <= 0)
                    {
                        throw new ProtocolException($"A property has more than {ProtocolLimits.MaxNestedValues} values.");
                    }

                    Validate(in values, depth - 1, ref left);
                }

                break;
        }
    }
}

using System.Globalization;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>
/// Properties for the formats without nesting: what is within a list or an object becomes properties of its own, <c>Config.Paths.0</c>.
/// Not thread-safe.
/// </summary>
internal sealed class FlatProperties
{
    // A longer name is not made: what is below it stays in one piece, as JSON.
    private const int LongestName = 1024;
    private const int KeepCapacity = 64 * 1024;

    private readonly ByteWriter flat = new(256);
    private readonly ByteWriter path = new(256);

    /// <summary>Valid until the next call.</summary>
    public PropertyReader Of(PropertyReader properties)
    {
        var probe = properties;
        while (probe.Read())
        {
            if (probe.IsStructure)
            {
                flat.Clear(KeepCapacity);
                path.Clear(KeepCapacity);
                Append(properties, isList: false, isWithin: false);
                return new PropertyReader(flat.Written);
            }
        }

        return properties;
    }

    private void Append(PropertyReader values, bool isList, bool isWithin)
    {
        var above = path.Length;
        for (var index = 0; values.Read(); index++)
        {
            if (isWithin)
            {
                path.WriteByte((byte)'.');
            }

            path.WriteBytes(isList ? Encoding.ASCII.GetBytes(index.ToString(CultureInfo.InvariantCulture)) : values.Name);
            if (values.IsStructure && !values.Text.IsEmpty && path.Length <= LongestName)
            {
                Append(values.Values, values.Kind == PropertyKind.List, isWithin: true);
            }
            else
            {
                flat.WriteText(path.Written);
                AppendValue(in values);
            }

            path.Truncate(above);
        }
    }

    private void AppendValue(scoped in PropertyReader value)
    {
        if (value.IsStructure)
        {
            var json = new ByteWriter(256);
            var entry = new EntryWriter(json, value.Text.Length + 16);
            PropertyJson.AppendValue(ref entry, in value);
            entry.Commit();
            flat.WriteByte((byte)PropertyKind.Text);
            flat.WriteText(json.Written);
            return;
        }

        value.CopyValueTo(flat);
    }
}

using System.Collections;
using System.Text;
using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>The text of lists, tables and objects in a log: <c>[1, 2]</c> and <c>{Name=value}</c>, one within the other.</summary>
internal static class CollectionText
{
    // A collection may hold itself. Beyond these the text says only that there is more.
    private const int MaxDepth = 5;
    private const int MaxLength = 64 * 1024;

    /// <param name="values">A list, a table or an object's properties.</param>
    /// <param name="maxLength">Characters after which no further value is looked at.</param>
    public static string Of(object values, int maxLength = MaxLength)
    {
        var text = new StringBuilder();
        Append(text, values, MaxDepth, maxLength);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object values, int depth, int maxLength)
    {
        var isTable = values is IDictionary or LogProperties;
        text.Append(isTable ? '{' : '[');
        var isFirst = true;
        foreach (var value in (IEnumerable)values)
        {
            if (!isFirst)
            {
                text.Append(", ");
            }

            isFirst = false;
            if (depth == 0 || text.Length > maxLength)
            {
                text.Append('…');
                break;
            }

            if (isTable && value is DictionaryEntry entry)
            {
                AppendMember(text, ValueText.Of(entry.Key), entry.Value, depth, maxLength);
            }
            else if (isTable && value is LogProperty property)
            {
                AppendMember(text, property.Name, property.Value, depth, maxLength);
            }
            else
            {
                AppendValue(text, value, depth, maxLength);
            }
        }

        text.Append(isTable ? '}' : ']');
    }

    private static void AppendMember(StringBuilder text, string name, object? value, int depth, int maxLength)
    {
        text.Append(name).Append('=');
        AppendValue(text, SecretName.Hides(name, value) ? SecretName.Shown : value, depth, maxLength);
    }

    private static void AppendValue(StringBuilder text, object? value, int depth, int maxLength)
    {
        if (StructureCodec.IsStructure(value))
        {
            Append(text, value!, depth - 1, maxLength);
        }
        else
        {
            text.Append(ValueText.Of(value));
        }
    }
}

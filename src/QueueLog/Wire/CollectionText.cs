using System.Collections;
using System.Text;

namespace QueueLog.Wire;

/// <summary>The text of lists and tables in a log: <c>[1, 2]</c> and <c>{Name=value}</c>, one within the other.</summary>
internal static class CollectionText
{
    // A collection may hold itself. Beyond these the text says only that there is more.
    private const int MaxDepth = 5;
    private const int MaxLength = 64 * 1024;

    /// <param name="values">A list or a table.</param>
    /// <param name="maxLength">Characters after which no further value is looked at.</param>
    public static string Of(ICollection values, int maxLength = MaxLength)
    {
        var text = new StringBuilder();
        Append(text, values, MaxDepth, maxLength);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ICollection values, int depth, int maxLength)
    {
        var isTable = values is IDictionary;
        text.Append(isTable ? '{' : '[');
        var isFirst = true;
        foreach (var value in values)
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
                text.Append(ValueText.Of(entry.Key)).Append('=');
                AppendValue(text, entry.Value, depth, maxLength);
            }
            else
            {
                AppendValue(text, value, depth, maxLength);
            }
        }

        text.Append(isTable ? '}' : ']');
    }

    private static void AppendValue(StringBuilder text, object? value, int depth, int maxLength)
    {
        if (value is ICollection inner)
        {
            Append(text, inner, depth - 1, maxLength);
        }
        else
        {
            text.Append(ValueText.Of(value));
        }
    }
}

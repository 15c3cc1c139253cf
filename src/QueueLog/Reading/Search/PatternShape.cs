using System.Buffers;
using System.Text;

namespace QueueLog.Reading.Search;

/// <summary>What can be told of a regular expression by its text alone.</summary>
/// <param name="Literal">A text that no match is without; null when none is known.</param>
/// <param name="StaysInLine">Whether every match lies within a line, and is one whatever the lines around it.</param>
internal readonly record struct PatternShape(string? Literal, bool StaysInLine)
{
    private static readonly SearchValues<char> QuantifierParts = SearchValues.Create("0123456789,");

    // Only what is understood counts: any construct that is not known to be harmless makes the answer the careful one.
    public static PatternShape Of(string pattern)
    {
        var staysInLine = true;
        var hasChoice = false;
        var depth = 0;
        var longest = "";
        var current = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            switch (c)
            {
                case '\\' when i + 1 < pattern.Length:
                    i++;
                    if (char.IsAsciiLetterOrDigit(pattern[i]))
                    {
                        // d, w, S and b neither match a line break nor look for one; t is one character.
                        staysInLine &= pattern[i] is 'd' or 'w' or 'S' or 'b' or 't';
                        End();

                        // A number or class behind it, as in \x41, is no text.
                        if (pattern[i] is not ('d' or 'w' or 'S' or 'b' or 't' or 's' or 'D' or 'W' or 'B' or 'n' or 'r'))
                        {
                            return default;
                        }
                    }
                    else
                    {
                        Add(pattern[i]);
                    }

                    break;
                case '[':
                    End();
                    var close = ClassEnd(pattern, i);
                    if (close < 0)
                    {
                        return default;
                    }

                    staysInLine &= IsHarmlessClass(pattern.AsSpan(i + 1, close - i - 1));
                    i = close;
                    break;
                case '(':
                    End();
                    if (i + 1 < pattern.Length && pattern[i + 1] == '?')
                    {
                        if (i + 2 >= pattern.Length || pattern[i + 2] != ':')
                        {
                            return default;
                        }

                        i += 2;
                    }

                    depth++;
                    break;
                case ')':
                    End();
                    depth--;
                    break;
                case '|':
                    End();
                    hasChoice |= depth == 0;
                    break;
                case '*' or '?':
                case '{' when QuantifierEnd(pattern, i) > 0:
                    // The character before it may not be there.
                    if (current.Length > 0)
                    {
                        current.Length--;
                    }

                    End();
                    i = c == '{' ? QuantifierEnd(pattern, i) : i;
                    break;
                case '+' or '.' or '^' or '$':
                    End();
                    break;
                case '\n' or '\r':
                    End();
                    staysInLine = false;
                    break;
                default:
                    Add(c);
                    break;
            }
        }

        End();
        return new PatternShape(hasChoice || longest.Length == 0 ? null : longest, staysInLine);

        void Add(char character)
        {
            // Within a group it may be a choice, or optional.
            if (depth == 0)
            {
                current.Append(character);
            }
        }

        void End()
        {
            if (current.Length > longest.Length)
            {
                longest = current.ToString();
            }

            current.Clear();
        }
    }

    /// <summary>Where a quantifier such as <c>{2,3}</c> ends; -1 when the brace is one of the text.</summary>
    private static int QuantifierEnd(string pattern, int open)
    {
        var length = pattern.AsSpan(open + 1).IndexOfAnyExcept(QuantifierParts);
        return length > 0 && pattern[open + 1 + length] == '}' ? open + 1 + length : -1;
    }

    private static int ClassEnd(string pattern, int open)
    {
        // A bracket that stands first is one of the class.
        var first = open + 1 + (open + 1 < pattern.Length && pattern[open + 1] == '^' ? 1 : 0);
        for (var i = first; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                i++;
            }
            else if (pattern[i] == '[')
            {
                // A class within the class, taken out of it.
                return -1;
            }
            else if (pattern[i] == ']' && i > first)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether a class has no line break.</summary>
    private static bool IsHarmlessClass(ReadOnlySpan<char> content)
    {
        if (content is ['^', ..])
        {
            return false;
        }

        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] < ' ' || (content[i] == '\\' && ++i < content.Length && char.IsAsciiLetter(content[i]) && content[i] is not ('d' or 'w' or 'S')))
            {
                return false;
            }
        }

        return true;
    }
}

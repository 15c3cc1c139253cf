using System.Text;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>By what a listener's own entries are known in a file: a category that no client's record can have and, in Text, a mark before the message.</summary>
// In Text a category is not enough: where the template is {Category} {Message}, one may end in what looks like a message. So the
// mark is escaped wherever else it stands in an entry, whatever values that is made of: the backslashes before a mark are
// doubled, and one more says that it is not the listener's.
internal static class ListenerEntry
{
    public const string Category = "QueueLog.Listener";

    private const byte Backslash = (byte)'\\';
    private static readonly byte[] categoryUtf8 = Encoding.UTF8.GetBytes(Category);
    private static readonly byte[] categoryOfOthers = Encoding.UTF8.GetBytes("Client." + Category);

    public static ReadOnlySpan<byte> CategoryUtf8 => categoryUtf8;

    public static ReadOnlySpan<byte> Mark => "[QueueLog] "u8;

    /// <summary>What is written in place of the mark until the rest of the entry is escaped: no value can hold it, because zeros are written as \u0000.</summary>
    public static ReadOnlySpan<byte> MarkToBe => "\0QueueLog] "u8;

    /// <summary>What a client's record has that claims the listener's category.</summary>
    public static ReadOnlySpan<byte> CategoryOfOthers => categoryOfOthers;

    public static bool IsCategory(ReadOnlySpan<byte> category) => category.SequenceEqual(CategoryUtf8);

    /// <summary>Whether a client's category is the listener's, or would be read as that where it is padded.</summary>
    public static bool IsClaimedBy(ReadOnlySpan<byte> category) => category.Length >= CategoryUtf8.Length && IsCategory(category.Trim((byte)' '));

    /// <summary>Escapes the marks in an entry, and puts the listener's own in its place.</summary>
    /// <param name="entry">The whole entry.</param>
    /// <param name="isOwn">Whether it is one of the listener's own.</param>
    public static void Escape(ref EntryWriter entry, bool isOwn)
    {
        // A single letter, and a rare one, is looked for fastest.
        if (isOwn || (entry.WrittenFrom(0).Contains((byte)'Q') && entry.WrittenFrom(0).IndexOf(Mark) >= 0))
        {
            Escape(ref entry, entry.WrittenFrom(0).ToArray(), isOwn);
        }
    }

    /// <summary>Undoes <see cref="Escape"/>.</summary>
    /// <param name="text">An entry that holds a mark.</param>
    /// <param name="output">Gets the entry; the mark stays in it.</param>
    /// <returns>Where the listener's own mark is in the entry; -1 when there is none.</returns>
    public static int Unescape(ReadOnlySpan<byte> text, ByteWriter output)
    {
        var start = output.Length;
        var own = -1;
        for (var found = text.IndexOf(Mark); found >= 0; found = text.IndexOf(Mark))
        {
            var backslashes = BackslashesBefore(text[..found]);
            output.WriteBytes(text[..(found - (backslashes + 1) / 2)]);
            if (backslashes % 2 == 0 && own < 0)
            {
                own = output.Length - start;
            }

            output.WriteBytes(Mark);
            text = text[(found + Mark.Length)..];
        }

        output.WriteBytes(text);
        return own;
    }

    // Written anew, and not moved for each backslash: a record may be made of marks.
    private static void Escape(ref EntryWriter entry, ReadOnlySpan<byte> text, bool isOwn)
    {
        entry.Truncate(0);
        var own = isOwn ? text.IndexOf(MarkToBe) : -1;
        while (true)
        {
            var found = text.IndexOf(Mark);
            var isMark = own < 0 || (found >= 0 && found < own);
            var next = isMark ? found : own;
            if (next < 0)
            {
                entry.Append(text);
                return;
            }

            entry.Append(text[..next]);
            var backslashes = BackslashesBefore(text[..next]) + (isMark ? 1 : 0);
            for (var i = 0; i < backslashes; i++)
            {
                entry.AppendByte(Backslash);
            }

            entry.Append(Mark);
            text = text[(next + Mark.Length)..];
            own = isMark && own >= 0 ? own - next - Mark.Length : -1;
        }
    }

    private static int BackslashesBefore(ReadOnlySpan<byte> text) => text.Length - text.TrimEnd(Backslash).Length;
}

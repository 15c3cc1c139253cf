using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace QueueLog.Formatting;

/// <summary>One entry under construction in the free space of its output. Nothing shows there before <see cref="Commit"/>.</summary>
internal ref struct EntryWriter(IBufferWriter<byte> output, int expectedLength)
{
    private Span<byte> bytes = output.GetSpan(expectedLength);

    public int Length { get; private set; }

    /// <summary>How far the further lines of a text are indented.</summary>
    public int Indentation { get; init; } = SafeText.Indentation;

    /// <summary>Whether the listener's mark is still to be written, before the message.</summary>
    public bool NeedsMark { get; set; }

    public readonly bool EndsLine => Length > 0 && bytes[Length - 1] == (byte)'\n';

    // Inlined: most texts are a format's own, whose length is then known where they are copied.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(scoped ReadOnlySpan<byte> text)
    {
        if (bytes.Length - Length < text.Length)
        {
            Grow(text.Length);
        }

        text.CopyTo(bytes[Length..]);
        Length += text.Length;
    }

    /// <summary>Writes a text that <see cref="PlainText"/> takes.</summary>
    /// <returns>False when it is none, and nothing was written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAppendPlain(scoped ReadOnlySpan<byte> text)
    {
        if (bytes.Length - Length < text.Length)
        {
            Grow(text.Length);
        }

        if (!PlainText.TryCopy(text, bytes[Length..]))
        {
            return false;
        }

        Length += text.Length;
        return true;
    }

    public void AppendByte(byte value)
    {
        if (Length == bytes.Length)
        {
            Grow(1);
        }

        bytes[Length++] = value;
    }

    public void AppendSpaces(int count)
    {
        if (bytes.Length - Length < count)
        {
            Grow(count);
        }

        bytes.Slice(Length, count).Fill((byte)' ');
        Length += count;
    }

    public void AppendValue<T>(T value, scoped ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        int written;
        while (!value.TryFormat(bytes[Length..], out written, format, CultureInfo.InvariantCulture))
        {
            Grow(Math.Max(64, bytes.Length - Length + 1));
        }

        Length += written;
    }

    /// <summary>Writes a number in digits.</summary>
    public void AppendNumber(long value)
    {
        // Most are done before the general way has looked at its format.
        if ((ulong)value < 100_000_000 && bytes.Length - Length >= 8)
        {
            var number = (uint)value;
            if (number >= 10_000)
            {
                Length += Digits.Write(number / 10_000, bytes[Length..]);
                Digits.WriteFour(number % 10_000, bytes[Length..]);
                Length += 4;
                return;
            }

            Length += Digits.Write(number, bytes[Length..]);
            return;
        }

        AppendValue(value, default);
    }

    /// <summary>Fills what was written since <paramref name="start"/> up to a width in characters, on the left when it is positive.</summary>
    public void Align(int start, int width)
    {
        var value = bytes[start..Length];
        var missing = Math.Abs(width) - CountCharacters(value);
        if (missing <= 0)
        {
            return;
        }

        AppendSpaces(missing);
        if (width > 0)
        {
            // Fetched again: the output may have grown.
            bytes[start..(Length - missing)].CopyTo(bytes[(start + missing)..]);
            bytes.Slice(start, missing).Fill((byte)' ');
        }
    }

    public void Truncate(int length) => Length = length;

    /// <summary>What was written since <paramref name="start"/>; valid until more is written.</summary>
    public readonly ReadOnlySpan<byte> WrittenFrom(int start) => bytes[start..Length];

    public readonly bool StartsWith(scoped ReadOnlySpan<byte> text) => bytes[..Length].StartsWith(text);

    /// <summary>Whether one of two bytes is in what was written since <paramref name="start"/>.</summary>
    public readonly bool Contains(int start, byte value, byte other) => bytes[start..Length].ContainsAny(value, other);

    /// <summary>Puts a byte before what was written since <paramref name="start"/>.</summary>
    public void Insert(int start, byte value)
    {
        AppendByte(value);
        bytes[start..(Length - 1)].CopyTo(bytes[(start + 1)..]);
        bytes[start] = value;
    }

    /// <summary>Doubles the quotation marks in what was written since <paramref name="start"/>.</summary>
    public void DoubleQuotes(int start)
    {
        var source = Length;
        var missing = bytes[start..Length].Count((byte)'"');
        AppendSpaces(missing);

        // From the end: nothing is overwritten before it has moved.
        for (var target = Length; missing > 0;)
        {
            var value = bytes[--source];
            bytes[--target] = value;
            if (value == (byte)'"')
            {
                bytes[--target] = value;
                missing--;
            }
        }
    }

    public readonly void Commit() => output.Advance(Length);

    private static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        if (Ascii.IsValid(utf8))
        {
            return utf8.Length;
        }

        var count = 0;
        foreach (var b in utf8)
        {
            // Every character has one byte that is no continuation byte (10xxxxxx).
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }

    private void Grow(int count)
    {
        // Asking for a new span ends the life of the old one, so what is written so far waits elsewhere meanwhile.
        var kept = ArrayPool<byte>.Shared.Rent(Length);
        bytes[..Length].CopyTo(kept);
        bytes = output.GetSpan(checked(Length + Math.Max(count, Length / 2)));
        kept.AsSpan(0, Length).CopyTo(bytes);
        ArrayPool<byte>.Shared.Return(kept);
    }
}

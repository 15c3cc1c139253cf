using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>Takes the entries of one format apart. Texts that hold escapes are unfolded into a buffer of the parser's own.</summary>
internal abstract class EntryParser
{
    private const int KeepCapacity = 256 * 1024;

    /// <summary>What <c># QueueLog:</c> and the pages call the format.</summary>
    public abstract string Name { get; }

    /// <summary>Whether an entry may have further lines.</summary>
    public virtual bool HasContinuations => false;

    /// <summary>Whether entries show their process and no worker: a worker's process has its name.</summary>
    public virtual bool NamesWorkerAsProcess => false;

    protected ByteWriter Unfolded { get; } = new(1024);

    /// <summary>In the form in which they travel.</summary>
    protected ByteWriter Properties { get; } = new(256);

    /// <param name="text">An entry without its last line break.</param>
    /// <returns>Its fields, which are parts of the text or of this parser: they last until its next call.</returns>
    public EntryView Parse(ReadOnlySpan<byte> text)
    {
        Unfolded.Clear(KeepCapacity);
        Properties.Clear(KeepCapacity);
        var entry = Empty(text);
        entry.State = Read(text, ref entry);
        if (entry.State == EntryState.Record)
        {
            entry.Record.Properties = Properties.Written;
            return entry;
        }

        var raw = Empty(text);
        raw.State = entry.State;
        raw.Record.Message = text;
        return raw;
    }

    /// <summary>Whether a line belongs to the entry above it.</summary>
    /// <param name="lines">The line, and what follows it.</param>
    public virtual bool IsContinuation(ReadOnlySpan<byte> lines) => false;

    /// <summary>Whether a line that begins with a byte begins an entry, whatever follows.</summary>
    public virtual bool SurelyBegins(byte first) => false;

    /// <summary>Reads the time that a text begins with, and does not look at the rest.</summary>
    /// <returns>False also where entries begin with anything else.</returns>
    public virtual bool TryReadTime(ReadOnlySpan<byte> text, out long utcTicks)
    {
        utcTicks = 0;
        return false;
    }

    /// <summary>Reads the level where that takes less than the whole entry.</summary>
    /// <returns>False also where it would not.</returns>
    public virtual bool TryReadLevel(ReadOnlySpan<byte> text, out LogLevel level)
    {
        level = default;
        return false;
    }

    /// <summary>Whether an entry that has a field can show it.</summary>
    public virtual bool Shows(AskedField asked) => true;

    /// <summary>Takes note of whole lines that are not read.</summary>
    public virtual void Pass(ReadOnlySpan<byte> lines)
    {
    }

    /// <summary>Whether a line is none of the entries, as a heading is.</summary>
    public virtual bool IsHeading(ReadOnlySpan<byte> line) => false;

    protected abstract EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry);

    /// <summary>What has been unfolded since a position.</summary>
    protected ReadOnlySpan<byte> UnfoldedSince(int start) => Unfolded.Written[start..];

    /// <summary>Reads a time that stands behind a prefix and before a byte that ends it.</summary>
    protected static bool TryReadTime(ReadOnlySpan<byte> text, ReadOnlySpan<byte> before, byte behind, out long utcTicks)
    {
        var end = before.Length + RoundTripTimeReader.Length;
        utcTicks = 0;
        return text.Length > end && text[end] == behind && text.StartsWith(before) && RoundTripTimeReader.TryRead(text[before.Length..end], out utcTicks, out _);
    }

    private static EntryView Empty(ReadOnlySpan<byte> text)
    {
        var entry = new EntryView { Text = text };
        entry.Record.Item = -1;
        return entry;
    }
}

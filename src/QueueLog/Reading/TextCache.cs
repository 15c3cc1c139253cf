using System.Text;

namespace QueueLog.Reading;

/// <summary>One string for each of the names that come again and again: processes, workers, categories, templates.</summary>
internal sealed class TextCache
{
    private const int Slots = 512;
    private const int Longest = 128;

    private readonly (byte[] Bytes, string Text)[] slots = new (byte[], string)[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (utf8.Length > Longest)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        // A name that takes another's place costs that one a new string, and nothing else.
        ref var slot = ref slots[Hash(utf8) & (Slots - 1)];
        if (slot.Bytes is null || !utf8.SequenceEqual(slot.Bytes))
        {
            slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return slot.Text;
    }

    public string? GetOrNull(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? null : Get(utf8);

    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 16777619;
        }

        return hash ^ (hash >> 15);
    }
}

using System.Globalization;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>
/// Finds the names that come a second time among properties, case ignored: strict readers refuse an object that has one twice.
/// The second gets <c>_2</c> behind it, and so on.
/// </summary>
internal ref struct UniqueNames(PropertyReader all)
{
    private readonly PropertyReader all = all;

    // A bit for names that look alike. Where it is clear, the name has not been there.
    private ulong seen;
    private int index;

    /// <summary>Whether the next name in order has not been there before.</summary>
    public bool IsFirst(scoped ReadOnlySpan<byte> name)
    {
        var bit = name.IsEmpty ? 1UL : 1UL << ((((name[0] | 0x20) * 31) + (name[^1] | 0x20) * 7 + name.Length) & 63);
        var mayHaveBeen = (seen & bit) != 0;
        seen |= bit;
        index++;
        return !mayHaveBeen || CountBefore(name, index - 1) == 0;
    }

    /// <summary>A name of its own for the one that has just been asked for.</summary>
    public readonly byte[] Rename(scoped ReadOnlySpan<byte> name)
    {
        for (var number = CountBefore(name, index - 1) + 1; ; number++)
        {
            var other = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(name)}_{number}"));
            if (CountBefore(other, int.MaxValue) == 0)
            {
                return other;
            }
        }
    }

    private readonly int CountBefore(scoped ReadOnlySpan<byte> name, int end)
    {
        var count = 0;
        var reader = all;
        for (var i = 0; i < end && reader.Read(); i++)
        {
            count += reader.Name.Length == name.Length && (reader.Name.SequenceEqual(name) || Ascii.EqualsIgnoreCase(reader.Name, name)) ? 1 : 0;
        }

        return count;
    }
}

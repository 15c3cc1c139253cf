using System.Text;

namespace QueueLog.Formatting;

/// <summary>Names that a format has for its own fields: a property of such a name gets a <c>_</c> before it.</summary>
// With any number of _ before it too, so that each has a name of its own and the first _ can be taken off again.
internal sealed class ReservedNames(params string[] names)
{
    private readonly byte[][] names = [.. names.Select(Encoding.UTF8.GetBytes)];

    // Bit n is set when one of them has n bytes; none has more than 63.
    private readonly ulong lengths = names.Aggregate(0UL, (bits, name) => bits | 1UL << name.Length);

    public bool Holds(ReadOnlySpan<byte> name)
    {
        if (name is [(byte)'_', ..])
        {
            name = name.TrimStart((byte)'_');
        }

        return name.Length < 64 && (lengths >> name.Length & 1) != 0 && IsOne(name);
    }

    private bool IsOne(ReadOnlySpan<byte> name)
    {
        foreach (var reserved in names)
        {
            if (name.SequenceEqual(reserved))
            {
                return true;
            }
        }

        return false;
    }
}

using System.Text;

namespace QueueLog.Formatting;

/// <summary>Names that a format has for its own fields: a property of such a name gets a <c>_</c> before it.</summary>
// With any number of _ before it too, so that each has a name of its own and the first _ can be taken off again. Case is ignored:
// some readers, ConvertFrom-Json among them, refuse an object with two names that differ in nothing else.
internal sealed class ReservedNames(params string[] names)
{
    // Those of n bytes at n.
    private readonly byte[][][] names =
        [.. Enumerable.Range(0, names.Max(name => name.Length) + 1).Select(length => names.Where(name => name.Length == length).Select(Encoding.UTF8.GetBytes).ToArray())];

    public bool Holds(ReadOnlySpan<byte> name)
    {
        if (name is [(byte)'_', ..])
        {
            name = name.TrimStart((byte)'_');
        }

        if (name.Length >= names.Length)
        {
            return false;
        }

        foreach (var reserved in names[name.Length])
        {
            if (Ascii.EqualsIgnoreCase(name, reserved))
            {
                return true;
            }
        }

        return false;
    }
}

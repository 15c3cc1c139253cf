using System.Globalization;
using System.Runtime.InteropServices;

namespace QueueLog.Pool.JobLog;

/// <summary>Numbers the equal inputs of a run in the order they are read.</summary>
internal sealed class InputKeys
{
    private readonly Dictionary<InputHash, int> counts = [];

    /// <summary>The key of the next input.</summary>
    public InputKey Next(InputHash hash)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, hash, out _);
        return new InputKey(hash, ++count);
    }
}

/// <summary>Which input of a run an item is, by what it is and not by where it stands: inputs may come in another order next time.</summary>
/// <param name="Hash">What it is.</param>
/// <param name="Number">Which of the equal inputs: 1, 2 and so on.</param>
internal readonly record struct InputKey(InputHash Hash, int Number)
{
    /// <summary>Reads what <see cref="ToString"/> has written; null for anything else.</summary>
    public static InputKey? Parse(ReadOnlySpan<char> text) =>
        text.Length > InputHash.TextLength + 1
        && text[InputHash.TextLength] == '#'
        && InputHash.Parse(text[..InputHash.TextLength]) is { } hash
        && int.TryParse(text[(InputHash.TextLength + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new InputKey(hash, number)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Hash}#{Number}");
}

using System.Runtime.InteropServices;

namespace QueueLog.Workers;

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

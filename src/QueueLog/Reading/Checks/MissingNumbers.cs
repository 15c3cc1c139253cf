namespace QueueLog.Reading.Checks;

/// <summary>The numbers that have not come yet, as stretches in their order.</summary>
internal sealed class MissingNumbers
{
    // A hostile log may have any number of gaps. Beyond this many they are counted, not listed.
    private const int MostRanges = 1000;

    private readonly List<SequenceRange> ranges = [];

    public long Count { get; private set; }

    public IReadOnlyList<SequenceRange> Ranges => ranges;

    /// <summary>Notes numbers that were passed over: all are higher than those before.</summary>
    public void Add(long first, long last)
    {
        Count += last - first + 1;
        if (ranges.Count < MostRanges)
        {
            ranges.Add(new SequenceRange(first, last));
        }
    }

    /// <summary>Takes off a number that has come after all.</summary>
    /// <returns>False when it was not missing.</returns>
    public bool Remove(long number)
    {
        var index = ranges.FindIndex(range => number >= range.First && number <= range.Last);
        if (index < 0)
        {
            return false;
        }

        var (first, last) = ranges[index];
        ranges.RemoveAt(index);
        if (number < last)
        {
            ranges.Insert(index, new SequenceRange(number + 1, last));
        }

        if (number > first)
        {
            ranges.Insert(index, new SequenceRange(first, number - 1));
        }

        Count--;
        return true;
    }
}

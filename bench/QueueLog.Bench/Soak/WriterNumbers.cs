using System.Collections;

namespace QueueLog.Bench.Soak;

/// <summary>Whether one writer's numbers are 1 to n, each once and in order.</summary>
internal sealed class WriterNumbers(int written)
{
    private readonly BitArray seen = new(written + 1);
    private int last;

    /// <summary>Numbers that were written and have not come.</summary>
    public int Missing { get; private set; } = written;

    public int Repeated { get; private set; }

    /// <summary>Numbers that came behind a higher one.</summary>
    public int OutOfOrder { get; private set; }

    /// <summary>Takes the next number of the file.</summary>
    /// <returns>False when the writer has written no such record.</returns>
    public bool Take(int number)
    {
        if (number < 1 || number >= seen.Length)
        {
            return false;
        }

        if (seen[number])
        {
            Repeated++;
            return true;
        }

        seen[number] = true;
        Missing--;
        if (number < last)
        {
            OutOfOrder++;
        }

        last = Math.Max(last, number);
        return true;
    }
}

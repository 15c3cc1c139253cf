using QueueLog.Journal;
using QueueLog.Wire;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>Feeds one decoder with inputs that follow from a seed and their number.</summary>
internal sealed class Fuzzer(FuzzTarget target, int seed)
{
    private const int MostRandomBytes = 300;

    // What is set up at a first use, such as a table or a grown buffer, is not there again the next time.
    private const int Attempts = 3;

    private readonly ByteWriter writer = new();

    /// <summary>Number of the input that is being decoded.</summary>
    public int Index { get; private set; }

    /// <summary>Inputs that the decoder took as they were.</summary>
    public int Accepted { get; private set; }

    /// <summary>The most that was allocated for one input.</summary>
    public long MostAllocated { get; private set; }

    /// <summary>Decodes the inputs of these numbers.</summary>
    /// <returns>The first failure, or null.</returns>
    public FuzzFailure? Run(int first, int count)
    {
        for (Index = first; Index < first + count; Index++)
        {
            var input = Input(Index);
            if (Try(input) is { } problem)
            {
                return new FuzzFailure(target.Name, seed, Index, input.Bytes, problem);
            }
        }

        return null;
    }

    /// <summary>The input of a number: valid, random, or, for the most part, valid and then broken.</summary>
    public FuzzInput Input(int index)
    {
        var random = new Random(unchecked((seed * 486187739) + index));
        switch (random.Next(16))
        {
            case 0:
                return new FuzzInput(Valid(random), IsValid: true);
            case 1:
                var bytes = new byte[random.Next(MostRandomBytes)];
                random.NextBytes(bytes);
                return new FuzzInput(bytes, IsValid: false);
            default:
                return new FuzzInput(target.Mutate(random, Valid(random), Valid(random)), IsValid: false);
        }
    }

    private byte[] Valid(Random random)
    {
        writer.Clear();
        target.WriteValid(random, writer);
        return writer.Written.ToArray();
    }

    private string? Try(FuzzInput input)
    {
        var allowed = target.AllocationBase + ((long)target.AllocationFactor * input.Bytes.Length);
        for (var attempt = 1; ; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                target.Decode(input.Bytes);
                Accepted += attempt == 1 ? 1 : 0;
            }
            catch (Exception e) when (e is ProtocolException or JournalException)
            {
                if (input.IsValid)
                {
                    return $"refused, though it is valid: {e.Message}";
                }
            }
            catch (Exception e)
            {
                return e.ToString();
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated <= allowed)
            {
                MostAllocated = Math.Max(MostAllocated, allocated);
                return null;
            }

            if (attempt == Attempts)
            {
                return $"allocated {allocated} bytes, and {allowed} are allowed.";
            }
        }
    }
}

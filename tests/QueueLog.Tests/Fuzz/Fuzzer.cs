using System.Globalization;
using QueueLog.Journal;
using QueueLog.Wire;

namespace QueueLog.Tests.Fuzz;

/// <summary>Feeds random inputs to a reader of bytes that are not to be believed, and lets it refuse them in one way only.</summary>
internal static class Fuzzer
{
    /// <summary>Environment variable with the seed of a run that failed, to see it again.</summary>
    private const string SeedVariable = "QUEUELOG_FUZZ_SEED";

    // For what a reader makes of its input: strings, lists and their entries, and the exception that refuses it.
    private const int AllocationPerByte = 64;
    private const int AllocationAlways = 64 * 1024;

    /// <summary>Runs a reader over many inputs.</summary>
    /// <param name="count">How many.</param>
    /// <param name="make">Makes an input.</param>
    /// <param name="read">Reads it.</param>
    public static void Run(int count, Func<Random, byte[]> make, Action<byte[]> read)
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } chosen ? int.Parse(chosen, CultureInfo.InvariantCulture) : Random.Shared.Next();
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var input = make(random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(input);
            }
            catch (Exception e) when (e is ProtocolException or JournalException)
            {
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Input {i} of {SeedVariable}={seed}: {Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, 4096)))}", e);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= AllocationAlways + (long)AllocationPerByte * input.Length, $"Input {i} of {SeedVariable}={seed}, of {input.Length} bytes, made its reader take {allocated} bytes.");
        }
    }

    /// <summary>One of some good inputs with some bytes changed, left out, repeated or added; sometimes nothing good at all.</summary>
    public static byte[] Mutate(Random random, params byte[][] good)
    {
        if (random.Next(20) == 0)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            return noise;
        }

        var bytes = good[random.Next(good.Length)].ToList();
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = Extreme(random);
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, random.Next(1, bytes.Count - at + 1));
                    break;
                case 3:
                    bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 10)).Select(_ => Extreme(random)));
                    break;
                default:
                    // A whole number at once: lengths, positions, times.
                    for (var i = at; i < Math.Min(at + 4, bytes.Count); i++)
                    {
                        bytes[i] = Extreme(random);
                    }

                    break;
            }
        }

        return [.. bytes];
    }

    private static byte Extreme(Random random) => random.Next(4) switch
    {
        0 => 0xFF,
        1 => 0,
        2 => 0x7F,
        _ => (byte)random.Next(256),
    };
}

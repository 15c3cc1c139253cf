using QueueLog.Wire;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>One decoder under test.</summary>
/// <param name="Name">What to call it on the command line.</param>
/// <param name="WriteValid">Appends an input that the decoder must take, made from the random numbers alone.</param>
/// <param name="Decode">Decodes an input to its end, and touches everything it finds.</param>
internal sealed record FuzzTarget(string Name, Action<Random, ByteWriter> WriteValid, Action<byte[]> Decode)
{
    /// <summary>How many times as long as elsewhere an input takes. Default: 1; files take longer.</summary>
    public int Cost { get; init; } = 1;

    /// <summary>Breaks a valid input, with another one at hand. Default: anywhere and anyhow.</summary>
    public Func<Random, byte[], byte[], byte[]> Mutate { get; init; } = Mutator.Mutate;

    /// <summary>Most bytes that may be allocated for each byte of the input. Default: 32, some objects for an entry of two bytes.</summary>
    public int AllocationFactor { get; init; } = 32;

    /// <summary>Most bytes that may be allocated whatever the input is. Default: 8 KiB, an exception with its message and trace.</summary>
    public int AllocationBase { get; init; } = 8 * 1024;
}

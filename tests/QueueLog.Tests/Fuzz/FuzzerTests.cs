using QueueLog.Bench.Fuzz.Engine;
using QueueLog.Wire;

namespace QueueLog.Tests.Fuzz;

/// <summary>The engine finds what it is there to find.</summary>
public sealed class FuzzerTests
{
    private const int Inputs = 1000;

    [Fact]
    public void A_decoder_that_fails_in_another_way_is_found_with_the_input_that_repeats_it()
    {
        var target = Target(bytes => _ = bytes.Length == 3 ? throw new IndexOutOfRangeException() : 0);
        var failure = new Fuzzer(target, seed: 1).Run(0, Inputs);
        Assert.Contains(nameof(IndexOutOfRangeException), failure!.Problem);
        Assert.Equal(failure.Input, new Fuzzer(target, seed: 1).Input(failure.Index).Bytes);
        Assert.Equal(failure.Index, new Fuzzer(target, seed: 1).Run(failure.Index, 1)!.Index);
    }

    [Fact]
    public void A_decoder_that_refuses_what_is_valid_is_found() =>
        Assert.StartsWith("refused, though it is valid", new Fuzzer(Target(_ => throw new ProtocolException("no")), seed: 1).Run(0, Inputs)!.Problem, StringComparison.Ordinal);

    [Fact]
    public void A_decoder_that_believes_a_length_is_found() =>
        Assert.StartsWith("allocated ", new Fuzzer(Target(_ => GC.KeepAlive(new byte[100_000])), seed: 1).Run(0, Inputs)!.Problem, StringComparison.Ordinal);

    [Fact]
    public void A_decoder_that_takes_or_refuses_every_input_passes() =>
        Assert.Null(new Fuzzer(Target(bytes => _ = bytes is [1, 2, 3, 4] ? 0 : throw new ProtocolException("no")), seed: 1).Run(0, Inputs));

    private static FuzzTarget Target(Action<byte[]> decode) => new("test", (_, output) => output.WriteBytes([1, 2, 3, 4]), decode);
}

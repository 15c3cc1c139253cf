namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>An input on which a decoder did what it must not.</summary>
/// <param name="Target">The decoder.</param>
/// <param name="Seed">With the index it makes the input again.</param>
/// <param name="Index">Number of the input.</param>
/// <param name="Input">The input itself.</param>
/// <param name="Problem">What happened.</param>
internal sealed record FuzzFailure(string Target, int Seed, int Index, byte[] Input, string Problem)
{
    private const int ShownBytes = 2048;

    public override string ToString() =>
        $"{Target}, seed {Seed}, index {Index}, {Input.Length} bytes: {Problem}\n{Convert.ToHexString(Input.AsSpan(0, Math.Min(Input.Length, ShownBytes)))}{(Input.Length > ShownBytes ? "…" : "")}";
}

using System.Globalization;
using QueueLog.Bench.Fuzz.Engine;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Fuzz;

/// <summary>Every decoder of bytes that come from elsewhere, with the engine and the inputs of the bench's fuzz; that has more of them.</summary>
public sealed class FuzzTests
{
    /// <summary>Environment variable with the seed of a run that failed, to see it again.</summary>
    private const string SeedVariable = "QUEUELOG_FUZZ_SEED";

    private const int Inputs = 20_000;

    private static readonly int Seed =
        Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } chosen ? int.Parse(chosen, CultureInfo.InvariantCulture) : Random.Shared.Next();

    public static TheoryData<string> Decoders => new(FuzzTargets.All.Select(target => target.Name));

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_decoder_takes_what_is_valid_refuses_the_rest_in_one_way_and_allocates_little(string name)
    {
        var target = FuzzTargets.All.Single(target => target.Name == name);
        var failure = new Fuzzer(target, Seed).Run(0, Inputs / target.Cost);
        Assert.True(failure is null, $"{failure}");
    }

    [Fact]
    public void The_real_lines_among_the_inputs_are_records() => Assert.All(LineInputs.Real, line => Assert.NotEmpty(DecodedLine.Show(line)));
}

using System.Globalization;

namespace QueueLog.Tests.Faults;

/// <summary>Where the chances of a run come from: printed, and taken from QUEUELOG_FAULT_SEED to repeat them.</summary>
internal static class FaultSeed
{
    private const string Variable = "QUEUELOG_FAULT_SEED";

    public static int Value { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var chosen) ? chosen : Random.Shared.Next();

    /// <summary>The chances of one test; the seed stands in its output.</summary>
    public static Random Begin(int test)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(Hint);
        return new Random(unchecked(Value + test));
    }

    public static void AssertNone(IReadOnlyList<string> problems) => Assert.True(problems.Count == 0, $"{Hint}\n{string.Join('\n', problems)}");

    private static string Hint => $"{Variable}={Value} repeats the chances of this run.";
}

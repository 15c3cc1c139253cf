using QueueLog.FaultActor;

namespace QueueLog.Tests.Faults;

public sealed class LogCheckTests
{
    private static readonly WriterClaim Living = new("w1", 7, [3], IsKilled: false);
    private static readonly WriterClaim Killed = Living with { IsKilled = true };

    private static readonly string Told = "Error 1 1 QueueLog.Listener [QueueLog] w1 (pid 7) ended without a goodbye; its last record was number 3, and 0 were recovered from its journal";

    [Fact]
    public void What_is_right_passes()
    {
        Assert.Empty(Check(Living, Line(1), Line(2), Line(3)));
        Assert.Empty(Check(Killed, Line(1), Line(2), Line(3), Told));
        Assert.Empty(Check(Killed, Line(1), Line(2), Line(3), Line(4), Told.Replace("number 3", "number 4", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_kind_of_damage_is_found()
    {
        AssertFound("missing: w1.0 has 3 behind 1", Living, Line(1), Line(3));
        AssertFound("missing: thread 0 had handed over 3, and the log ends with 2", Living, Line(1), Line(2));
        AssertFound("missing: thread 0 had handed over 3, and the log ends with 0", Killed);
        AssertFound("repeated: w1.0 has 2 behind 2", Living, Line(1), Line(2), Line(2), Line(3));
        AssertFound("repeated: w1.0 has 1 behind 3", Living, Line(1), Line(2), Line(3), Line(1));
        AssertFound("unheard of", Living, Line(1), Line(2), Line(3), Line(4));
        AssertFound("unheard of", Killed, Line(1), Line(2), Line(3), Line(4), Line(5), Told);
        AssertFound("the sequence of w1 has 1 behind 1", Living with { Returned = [1, 1] }, Line(1), Line(1).Replace("w1.0", "w1.1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_that_is_not_whole_is_found()
    {
        AssertFound("broken", Living, Line(1), Line(2)[..^1], Line(2), Line(3));
        AssertFound("broken", Living, Line(1), Line(2), Line(3).Replace('d', '\0'));
        AssertFound("broken", Living, Line(1)[..20] + Line(2), Line(3));
        AssertFound("broken", Living, "", Line(1), Line(2), Line(3));
        AssertFound("broken", Living, Line(1), Line(2), Line(3), "Information 8 1 Faults " + new FaultMessage("w2", 0, 1, 30));
    }

    [Fact]
    public void A_listener_that_complains_is_heard()
    {
        AssertFound("complains", Living, Line(1), Line(2), Line(3), "Error 1 1 QueueLog.Listener [QueueLog] 1 records of w1 (pid 7) are missing before its number 3");
        AssertFound("the log does not say so", Killed, Line(1), Line(2), Line(3));
        AssertFound("told wrongly", Living, Line(1), Line(2), Line(3), Told);
        AssertFound("told wrongly", Killed, Line(1), Line(2), Line(3), Line(4), Told);
        AssertFound("complains", Killed, Line(1), Line(2), Line(3), Told.Replace("Error", "Warning", StringComparison.Ordinal));
    }

    private static void AssertFound(string problem, WriterClaim claim, params string[] lines) =>
        Assert.Contains(Check(claim, lines), found => found.Contains(problem, StringComparison.Ordinal));

    private static IReadOnlyList<string> Check(WriterClaim claim, params string[] lines) =>
        LogCheck.Run(lines.Select((line, index) => ($"run.log:{index + 1}", line)), [claim]);

    private static string Line(int number) => $"Information 7 {number} Faults {new FaultMessage("w1", 0, number, 40)}";
}

using System.Reflection;
using QueueLog.Client;

namespace QueueLog.Tests.Client;

public sealed class ExceptionMapperTests
{
    [Fact]
    public void All_that_an_aggregate_holds_is_kept_in_order()
    {
        var exception = new AggregateException("all", new InvalidOperationException("a", new IOException("a's cause")), new AggregateException("two", new FormatException("b")), new TimeoutException("c"));

        Assert.Equal(
            ["---> System.InvalidOperationException: a", "---> System.IO.IOException: a's cause", "---> System.AggregateException: two (b)", "---> System.FormatException: b", "---> System.TimeoutException: c"],
            ExceptionMapper.Of(exception).StackTrace!.Split('\n'));
    }

    [Fact]
    public void What_a_type_could_not_be_loaded_for_is_kept() =>
        Assert.Equal("---> System.IO.FileNotFoundException: no dll", ExceptionMapper.Of(new ReflectionTypeLoadException([null], [new FileNotFoundException("no dll"), null])).StackTrace);

    [Fact]
    public void A_long_chain_says_that_it_was_cut_and_keeps_its_root_cause()
    {
        var exception = new Exception("level 100, the root cause");
        for (var level = 99; level >= 0; level--)
        {
            exception = new Exception($"level {level}", exception);
        }

        var lines = ExceptionMapper.Of(exception).StackTrace!.Split('\n');

        Assert.Equal("---> System.Exception: level 1", lines[0]);
        Assert.Equal(["---> System.Exception: level 19", "---> (80 more, left out)", "---> System.Exception: level 100, the root cause"], lines[^3..]);
    }

    [Fact]
    public void A_chain_of_just_so_many_is_whole()
    {
        var exception = new Exception("root");
        for (var level = 0; level < 20; level++)
        {
            exception = new Exception($"{level}", exception);
        }

        Assert.Equal(20, ExceptionMapper.Of(exception).StackTrace!.Split('\n').Length);
        Assert.DoesNotContain("left out", ExceptionMapper.Of(exception).StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_that_comes_twice_is_told_once()
    {
        var cause = new IOException("cause");

        Assert.Equal(
            ["---> System.Exception: a", "---> System.IO.IOException: cause", "---> System.Exception: b"],
            ExceptionMapper.Of(new AggregateException(new Exception("a", cause), new Exception("b", cause))).StackTrace!.Split('\n'));
    }
}

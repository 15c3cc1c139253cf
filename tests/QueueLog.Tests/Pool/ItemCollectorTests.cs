using QueueLog.PowerShell;
using QueueLog.PowerShell.Pool;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool;

public sealed class ItemCollectorTests
{
    private static readonly CollectorOptions Ordered = new() { KeepsOrder = true };

    [Fact]
    public void The_item_at_the_front_is_passed_on_as_it_comes_and_others_wait_for_it()
    {
        var run = new ItemScript(Ordered);
        run.Expect(0);
        run.Expect(1);
        run.Outputs(1, "b1");
        run.Outputs(0, "a1");
        Assert.Equal("a1", run.Output.ReadLines());

        run.Completes(1, "b2");
        run.Outputs(0, "a2");
        Assert.Equal("a2", run.Output.ReadLines());

        run.Completes(0, "a3");
        Assert.Equal("a3, b1, b2", run.Output.ReadLines());
    }

    [Fact]
    public void An_item_that_comes_to_the_front_gives_what_it_has_and_then_what_comes()
    {
        var run = new ItemScript(Ordered);
        run.Expect(0);
        run.Expect(1);
        run.Says(1, (WorkEntryKind.Warning, "w"), (WorkEntryKind.Output, "b1"), (WorkEntryKind.Error, "e"));
        run.Completes(0);
        Assert.Equal("Warning w, b1, error e", run.Output.ReadLines());

        run.Outputs(1, "b2");
        Assert.Equal("b2", run.Output.ReadLines());
    }

    [Fact]
    public void The_order_has_no_gaps_where_the_indexes_have_some()
    {
        var run = new ItemScript(Ordered);
        run.Expect(3);
        run.Expect(7);
        run.Completes(7, "b");
        run.Completes(3, "a");
        Assert.Equal("a, b", run.Output.ReadLines());
    }

    [Fact]
    public void Items_that_are_lost_or_skipped_hold_up_no_other()
    {
        var run = new ItemScript(Ordered);
        for (var i = 0; i < 5; i++)
        {
            run.Expect(i);
        }

        run.Completes(4, "e");
        run.IsLost(1, ItemStatus.Crashed);
        run.IsLost(0, ItemStatus.Stopped);
        Assert.StartsWith("error Worker-1 (process 7) ended with exit code 3 at item 1", run.Output.ReadLines(), StringComparison.Ordinal);

        run.AreSkipped(2, 3);
        Assert.Equal("e", run.Output.ReadLines());
    }

    [Fact]
    public void The_end_of_the_run_frees_what_waits_for_an_item_that_never_ends()
    {
        var run = new ItemScript(Ordered with { GivesResults = true });
        run.Expect(0);
        run.Expect(1);
        run.Expect(2);
        run.Outputs(0, "a");
        run.Completes(1, "b");
        Assert.Equal("", run.Output.ReadLines());

        run.Collector.Complete();
        Assert.Equal("0 Stopped, 1 Completed, 2 Skipped", run.Output.ReadLines());
        Assert.Equal(["a"], Assert.IsType<ItemResult>(run.Output.Objects[0]).Output);
    }

    [Fact]
    public void What_an_attempt_gave_is_nothing_when_the_item_is_tried_again()
    {
        var run = new ItemScript(new CollectorOptions { Retries = 2, ErrorsFail = false });
        run.Expect(7);
        run.Says(7, (WorkEntryKind.Output, "lost"), (WorkEntryKind.Warning, "w"), (WorkEntryKind.Error, "e"));
        Assert.Equal("Warning w, error e", run.Output.ReadLines());

        run.Fails(7, "no luck.", isFinal: false, delay: 2);
        Assert.Equal("Warning Attempt 1 of 3 of item 7, 'in7', failed: no luck; it is tried again in 2 s.", run.Output.ReadLines());

        run.Outputs(7, "lost too");
        run.IsLost(7, ItemStatus.Crashed, isFinal: false);
        Assert.Equal("Warning Attempt 1 of 3 of item 7, 'in7', failed: Worker-1 (process 7) ended with exit code 3; it is tried again.", run.Output.ReadLines());

        run.Outputs(7, "kept");
        Assert.Equal("", run.Output.ReadLines());
        run.Completes(7, "and this");
        Assert.Equal("kept, and this", run.Output.ReadLines());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Errors_that_fail_an_attempt_are_nothing_when_the_item_is_tried_again_and_the_first_is_why(bool givesResults)
    {
        var run = new ItemScript(new CollectorOptions { Retries = 2, GivesResults = givesResults });
        run.Expect(0);
        run.Says(0, (WorkEntryKind.Error, "e1"), (WorkEntryKind.Error, "e2"));
        run.Ends(0, ItemStatus.Failed, isFinal: false);
        run.Says(0, (WorkEntryKind.Error, "e3"));
        run.Fails(0, "thrown", isFinal: false);
        run.Says(0, (WorkEntryKind.Output, "o1"), (WorkEntryKind.Error, "e4"), (WorkEntryKind.Output, "o2"));
        run.Ends(0, ItemStatus.Failed);
        const string Why1 = "Attempt 1 of 3 of item 0, 'in0', failed: e1; it is tried again.";
        const string Why2 = "Attempt 1 of 3 of item 0, 'in0', failed: e3; it is tried again.";
        if (!givesResults)
        {
            Assert.Equal($"Warning {Why1}, Warning {Why2}, o1, error e4, o2", run.Output.ReadLines());
            return;
        }

        var result = Assert.IsType<ItemResult>(Assert.Single(run.Output.Objects));
        Assert.Equal("e4", Assert.Single(result.Errors).ToString());
        Assert.Equal([Why1, Why2], result.Warnings);
    }

    [Fact]
    public void The_last_attempt_gives_its_outputs_and_then_its_error()
    {
        var run = new ItemScript(new CollectorOptions { Retries = 1 });
        run.Expect(0);
        run.Outputs(0, "first");
        run.Fails(0, "once", isFinal: false);
        run.Output.ReadLines();
        run.Outputs(0, "second");
        run.Fails(0, "twice", attempt: 2);
        Assert.Equal("second, error twice", run.Output.ReadLines());
    }

    [Fact]
    public void Order_and_retries_go_together()
    {
        var run = new ItemScript(Ordered with { Retries = 1 });
        run.Expect(0);
        run.Expect(1);
        run.Completes(1, "b");
        run.Outputs(0, "lost");
        run.Fails(0, "bad", isFinal: false);
        Assert.StartsWith("Warning Attempt 1 of 2", run.Output.ReadLines(), StringComparison.Ordinal);

        run.Completes(0, "a");
        Assert.Equal("a, b", run.Output.ReadLines());
    }

    [Fact]
    public void A_result_has_everything_but_verbose_and_debug_records()
    {
        var run = new ItemScript(new CollectorOptions { GivesResults = true, Retries = 1, ErrorsFail = false });
        run.Expect(0, "input");
        run.Says(0, (WorkEntryKind.Output, "lost"), (WorkEntryKind.Warning, "w1"), (WorkEntryKind.Error, "e1"));
        run.Fails(0, "bad", isFinal: false);
        run.Says(0, (WorkEntryKind.Output, "o"), (WorkEntryKind.Information, "i"), (WorkEntryKind.Verbose, "v"), (WorkEntryKind.Debug, "d"));
        Assert.Equal("Verbose v, Debug d", run.Output.ReadLines());

        run.Fails(0, "worse", attempt: 2);
        Assert.Equal("0 Failed: e1", run.Output.ReadLines());
        var result = Assert.IsType<ItemResult>(Assert.Single(run.Output.Objects));
        Assert.Equal(["o"], result.Output);
        Assert.Equal(["e1", "worse"], result.Errors.Select(error => error.ToString()));
        Assert.Equal(["w1", "Attempt 1 of 2 of item 0, 'input', failed: bad; it is tried again."], result.Warnings);
        Assert.Equal("i", Assert.Single(result.Information).ToString());
        Assert.Equal(("input", 2), (result.Input, result.Attempt));
    }

    [Fact]
    public void An_item_that_is_not_to_be_run_comes_in_its_place()
    {
        var run = new ItemScript(Ordered with { GivesResults = true });
        run.Expect(0);
        run.Expect(1, isSkipped: true);
        run.Expect(2);
        run.Completes(2);
        run.Completes(0);
        Assert.Equal("0 Completed, 1 Skipped, 2 Completed", run.Output.ReadLines());
    }

    [Fact]
    public void What_is_of_no_item_is_passed_on()
    {
        var run = new ItemScript(Ordered);
        run.Expect(0);
        run.Says(-1, (WorkEntryKind.Warning, "of the initialization"));
        Assert.Equal("Warning of the initialization", run.Output.ReadLines());
    }
}

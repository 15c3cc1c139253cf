using Microsoft.Extensions.Logging;
using QueueLog.Records;

namespace QueueLog.Tests.Extensions;

public sealed class ScopeTests
{
    [Fact]
    public async Task Values_of_scopes_are_properties_and_the_inner_scope_wins_but_never_over_the_message()
    {
        var record = await InScopesAsync(
            new Dictionary<string, object> { ["Order"] = 1, ["User"] = "outer", ["Shop"] = "north" },
            new Dictionary<string, object> { ["user"] = "inner" });
        Assert.Equal([new LogProperty("Order", 5L), new("user", "inner"), new("Shop", "north")], record.Properties);
    }

    [Fact]
    public async Task Scopes_that_are_text_stand_in_one_property_from_the_outermost_on()
    {
        var record = await InScopesAsync("request", 17, "step");
        Assert.Equal([new LogProperty("Order", 5L), new("Scope", "request => 17 => step")], record.Properties);
    }

    [Fact]
    public async Task A_scope_made_from_a_template_is_both()
    {
        await using var stage = new LoggingStage();
        using (stage.Logger.BeginScope("request {Request}", 7))
        {
            stage.Logger.LogInformation("in it");
        }

        stage.Logger.LogInformation("behind it");
        var records = await stage.CompleteAsync();
        Assert.Equal([new LogProperty("Request", 7L), new("Scope", "request 7")], records[0].Properties);
        Assert.Empty(records[1].Properties);
    }

    [Fact]
    public async Task Pairs_and_tables_of_any_type_are_values()
    {
        var record = await InScopesAsync(
            KeyValuePair.Create<string, object?>("Pair", 1),
            ("Tuple", 2),
            new Dictionary<string, int> { ["Table"] = 3 });
        Assert.Equal([new LogProperty("Order", 5L), new("Pair", 1L), new("Tuple", 2L), new("Table", 3L)], record.Properties);
    }

    [Fact]
    public async Task Scopes_can_be_left_out()
    {
        var record = await LoggingStage.RecordOfAsync(
            logger =>
            {
                using (logger.BeginScope("request"))
                {
                    logger.LogInformation("in it");
                }
            },
            options => options.IncludeScopes = false);
        Assert.Empty(record.Properties);
    }

    private static Task<LogRecord> InScopesAsync(params object[] scopes) => LoggingStage.RecordOfAsync(logger =>
    {
        var open = scopes.Select(scope => logger.BeginScope(scope)).ToArray();
        logger.LogInformation("{Order}", 5);
        foreach (var scope in open.Reverse())
        {
            scope!.Dispose();
        }
    });
}

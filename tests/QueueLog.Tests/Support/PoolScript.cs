namespace QueueLog.Tests.Support;

/// <summary>Scripts whose pools write to a log of their test's.</summary>
internal static class PoolScript
{
    /// <summary>Shows what a pool says of a record, with the exception in brackets.</summary>
    public const string Template = "{Worker}|{Item}|{Attempt}|{Level}|{Category}|{Message}[{Exception}]";

    /// <summary>Runs a script between the start of a listener and its stop.</summary>
    /// <returns>What the script wrote, and the entries of the log: a further line belongs to the entry before it.</returns>
    public static async Task<(string[] Output, string[] Log)> RunAsync(string script, string level = "Trace")
    {
        using var folder = new TempFolder();
        var result = await Script.RunAsync(folder, $$"""
            Start-LogListener ./run.log -Template '{{Template}}' -NoHeader -MinimumLevel {{level}}
            {{script}}
            $listener = Stop-LogListener -PassThru
            if ($listener.Lost) { "lost $($listener.Lost)" }
            """);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        return (result.Lines, folder.Read("run.log").Replace("\n    ", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}

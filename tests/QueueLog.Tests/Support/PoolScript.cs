namespace QueueLog.Tests.Support;

/// <summary>Scripts in the embedded host with the module imported: pools with real worker processes.</summary>
internal static class PoolScript
{
    private static string Prologue { get; } =
        $"$ErrorActionPreference = 'Stop'; Import-Module '{Path.Combine(Repository.Root, "QueueLog.psd1").Replace("'", "''", StringComparison.Ordinal)}'\n";

    /// <summary>Runs a script to its end; it must write nothing to standard error.</summary>
    /// <returns>The lines it wrote.</returns>
    public static async Task<string[]> RunAsync(string script)
    {
        var result = await HostProcess.RunAsync("-c", Prologue + script);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        return result.Lines;
    }

    /// <summary>Starts a script that the test will end.</summary>
    public static HostProcess Start(string script) => HostProcess.Start("-c", Prologue + script);
}

namespace QueueLog.Tests.Support;

/// <summary>Scripts in pwsh with the module of this clone imported.</summary>
internal static class Script
{
    private static string Prologue { get; } =
        $"Import-Module '{Path.Combine(Repository.Root, "QueueLog.psd1").Replace("'", "''", StringComparison.Ordinal)}'\n";

    /// <summary>Runs a script to its end in a folder of its test's.</summary>
    public static Task<PwshResult> RunAsync(TempFolder folder, string script) =>
        PwshProcess.RunAsync(["-c", Prologue + script], folder: folder.Path);

    /// <summary>Runs a script to its end; it must write nothing to standard error.</summary>
    /// <returns>The lines it wrote.</returns>
    public static async Task<string[]> RunAsync(string script)
    {
        var result = await PwshProcess.RunAsync("-c", Prologue + "$ErrorActionPreference = 'Stop'\n" + script);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        return result.Lines;
    }

    /// <summary>Starts a script that the test will speak to, or end.</summary>
    public static PwshProcess Start(string script) => PwshProcess.Start("-c", Prologue + "$ErrorActionPreference = 'Stop'\n" + script);
}

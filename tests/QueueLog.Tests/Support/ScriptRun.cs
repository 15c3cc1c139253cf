namespace QueueLog.Tests.Support;

/// <summary>What a script left behind.</summary>
internal sealed record ScriptRun(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Lines(Output);

    public string[] ErrorLines => Lines(Error);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

namespace QueueLog.Tests.Support;

/// <summary>What a run of pwsh left behind.</summary>
internal sealed record PwshResult(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

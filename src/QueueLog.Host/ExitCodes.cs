namespace QueueLog.Host;

/// <summary>The exit codes of pwsh, so that scripts and supervisors need not tell the two apart.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int BadCommandLine = 64;
    public const int StartFailed = 70;
    public const int Interrupted = 128 + 2;
    public const int Terminated = 128 + 15;
}

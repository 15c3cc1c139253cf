namespace QueueLog.Workers;

/// <summary>How a worker process ended.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="ExitCode">Its exit code; null when it had to be killed, or cannot be known.</param>
/// <param name="LastLines">The last lines it wrote to standard error, oldest first.</param>
internal sealed record WorkerDeath(int Pid, int? ExitCode, string[] LastLines)
{
    private const int SignalBase = 128;

    /// <summary>What happened, as the middle of a sentence: <c>ended with exit code 3</c>.</summary>
    public string Describe()
    {
        if (ExitCode is not { } code)
        {
            return "broke its connection and was killed";
        }

        // The runtime reports a signal as the shell does.
        if (OperatingSystem.IsWindows() || code is <= SignalBase or > SignalBase + 64)
        {
            return $"ended with exit code {code}";
        }

        var signal = code - SignalBase;
        var name = signal switch
        {
            2 => " (SIGINT)",
            6 => " (SIGABRT)",
            9 => " (SIGKILL)",
            11 => " (SIGSEGV)",
            15 => " (SIGTERM)",
            _ => "",
        };
        return $"was ended by signal {signal}{name}";
    }
}

namespace QueueLog.Pool;

/// <summary>How a worker process ended.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="ExitCode">Its exit code; null when it had to be killed, or cannot be known.</param>
/// <param name="LastLines">The last lines it wrote to standard error, oldest first.</param>
internal sealed record WorkerDeath(int Pid, int? ExitCode, string[] LastLines)
{
    private const int SignalBase = 128;

    // What the runtime's own host ends with where it cannot start the runtime, the lowest byte of 0x80008081 and so on.
    private const int FirstHostError = 0x81;
    private const int LastHostError = 0xA6;

    /// <summary>The last records it handed over, as lines of level and message, oldest first.</summary>
    public string[] LastRecords { get; init; } = [];

    /// <summary>Whether it ever came so far as to report to its pool.</summary>
    public bool HasGreeted { get; init; } = true;

    /// <summary>What became of its host, as the middle of a sentence; null where the worker died alone.</summary>
    public string? HostFate { get; init; }

    /// <summary>What happened, as the middle of a sentence: <c>ended with exit code 3</c>.</summary>
    public string Describe()
    {
        if (HostFate is { } fate)
        {
            return fate;
        }

        if (ExitCode is not { } code)
        {
            return "broke its connection and was killed";
        }

        // The runtime reports a signal as the shell does.
        if (OperatingSystem.IsWindows() || code is <= SignalBase or > SignalBase + 64)
        {
            return $"ended with exit code {code}";
        }

        // The same numbers; but who is killed has nothing to say.
        if (!HasGreeted && LastLines.Length > 0 && code is >= FirstHostError and <= LastHostError)
        {
            return $"could not start its runtime (exit code {code})";
        }

        var signal = code - SignalBase;
        var name = signal switch
        {
            1 => " (SIGHUP)",
            2 => " (SIGINT)",
            3 => " (SIGQUIT)",
            4 => " (SIGILL)",
            6 => " (SIGABRT)",
            9 => " (SIGKILL)",
            11 => " (SIGSEGV)",
            13 => " (SIGPIPE)",
            15 => " (SIGTERM)",
            _ => "",
        };
        return $"was ended by signal {signal}{name}";
    }
}

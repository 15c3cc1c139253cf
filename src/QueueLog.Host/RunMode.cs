namespace QueueLog.Host;

/// <summary>What the command line asks for.</summary>
internal enum RunMode
{
    File,
    Command,
    StandardInput,
    Worker,
    JobServer,
    Version,
    Help,
    Refused,
}

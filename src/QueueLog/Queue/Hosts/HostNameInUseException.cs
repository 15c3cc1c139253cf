namespace QueueLog.Queue.Hosts;

/// <summary>Another process is the host of this name.</summary>
internal sealed class HostNameInUseException(string name, string machine, int pid) : Exception($"Process {pid} of {machine} is the host '{name}'.")
{
    public string Name { get; } = name;

    public string Machine { get; } = machine;

    public int Pid { get; } = pid;
}

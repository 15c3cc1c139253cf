namespace QueueLog.Queue.Submission;

/// <summary>The submitter of a run that is to be gone on with is alive.</summary>
internal sealed class RunInUseException(string name, string machine, int pid) : Exception($"Process {pid} of {machine} is the submitter of '{name}'.")
{
    public string Name { get; } = name;

    public string Machine { get; } = machine;

    public int Pid { get; } = pid;
}

namespace QueueLog.Transport;

/// <summary>A pipe name that cannot be used.</summary>
public sealed class PipeNameException(string name, PipeNameFault fault, string message) : Exception(message)
{
    /// <summary>The name as it was given.</summary>
    public string Name { get; } = name;

    /// <summary>What is wrong with it.</summary>
    public PipeNameFault Fault { get; } = fault;
}

using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>Another listener has the name.</summary>
internal sealed class ListenerNameInUseException(string name, ListenerIdentity? owner, Exception inner)
    : IOException($"The listener name '{name}' is in use.", inner)
{
    public string Name { get; } = name;

    /// <summary>Who has it; null when it did not say.</summary>
    public ListenerIdentity? Owner { get; } = owner;
}

using QueueLog.Queue.History;

namespace QueueLog.Tests.Queue.History;

/// <summary>A host and the chunks that it believes to have.</summary>
internal sealed class ModelHost(string name)
{
    public string Name { get; } = name;

    public string Incarnation { get; private set; } = "0";

    public bool IsFrozen { get; set; }

    public Dictionary<string, ModelHold> Held { get; } = [];

    public void Begin(string incarnation)
    {
        Incarnation = incarnation;
        IsFrozen = false;
        Held.Clear();
    }
}

/// <summary>A chunk that a host has.</summary>
internal sealed class ModelHold(long nonce, Queue<OfferedItem> waiting)
{
    public long Nonce { get; } = nonce;

    public long Sequence { get; set; }

    public Queue<OfferedItem> Waiting { get; } = waiting;

    /// <summary>Whether it is one item: then it is known what was begun.</summary>
    public bool IsAlone { get; } = waiting.Count == 1;

    public List<OfferedItem> Begun { get; } = [];
}

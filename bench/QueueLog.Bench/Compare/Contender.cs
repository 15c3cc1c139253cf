namespace QueueLog.Bench.Compare;

/// <summary>One row of a comparison: something that is run once a round and answers with one figure.</summary>
internal abstract class Contender(Contest contest, string name)
{
    public Contest Contest { get; } = contest;

    public string Name { get; } = name;

    /// <summary>The peer that the others of its contest are put in ratio to.</summary>
    public bool IsBase { get; init; }

    /// <summary>What the machine lacks to run this, or null.</summary>
    public virtual string? Missing => null;

    /// <summary>One measurement in <see cref="Contest.Unit"/>.</summary>
    /// <exception cref="WrongResultException">It ran, but what it produced is not what was asked for.</exception>
    public abstract double Run();
}

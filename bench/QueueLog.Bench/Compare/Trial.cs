namespace QueueLog.Bench.Compare;

/// <summary>A measurement that has several figures: it runs when the first of them is asked for in a round, or one a second time.</summary>
internal abstract class Trial
{
    private readonly HashSet<int> given = [];
    private IReadOnlyList<double> figures = [];

    /// <summary>What the machine lacks to run this, or null.</summary>
    public virtual string? Missing => null;

    public double Take(int figure)
    {
        if (figures.Count == 0 || !given.Add(figure))
        {
            figures = [];
            given.Clear();
            figures = Measure();
            given.Add(figure);
        }

        return figures[figure];
    }

    /// <exception cref="WrongResultException">It ran, but what it produced is not what was asked for.</exception>
    protected abstract IReadOnlyList<double> Measure();
}

namespace QueueLog.Bench.Soak;

/// <summary>One kind of memory in the course of a run, in MB.</summary>
/// <param name="Settled">When the run was under way.</param>
/// <param name="Max">The most there was.</param>
/// <param name="End">At the end, the writers still writing.</param>
internal readonly record struct MemoryFigures(double Settled, double Max, double End)
{
    public double Growth => End - Settled;
}

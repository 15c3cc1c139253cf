namespace QueueLog.Bench.Compare;

/// <summary>The row of one of a trial's figures.</summary>
internal sealed class TrialFigure(Contest contest, string name, Trial trial, int figure) : Contender(contest, name)
{
    public override string? Missing => trial.Missing;

    public override double Run() => trial.Take(figure);
}

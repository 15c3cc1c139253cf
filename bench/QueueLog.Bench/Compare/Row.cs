namespace QueueLog.Bench.Compare;

/// <summary>What the rounds of one contender came to.</summary>
internal sealed class Row(Contender contender)
{
    private readonly List<double> figures = [];

    public Contender Contender { get; } = contender;

    /// <summary>Why the row has no figure: missing, failed or wrong.</summary>
    public string? Fault { get; private set; }

    public double Median
    {
        get
        {
            if (figures.Count == 0)
            {
                return double.NaN;
            }

            var sorted = figures.Order().ToArray();
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    /// <summary>Runs the contender once; after a fault it is left alone, because a row with a fault is not used.</summary>
    public void Run()
    {
        if (Fault is not null)
        {
            return;
        }

        if (Contender.Missing is { } missing)
        {
            Fault = $"missing: {missing}";
            return;
        }

        try
        {
            figures.Add(Contender.Run());
        }
        catch (WrongResultException exception)
        {
            Fault = $"WRONG: {exception.Message}";
        }
        catch (Exception exception)
        {
            // One contender that does not run must not cost the figures of the others.
            Fault = $"failed: {exception.Message}";
        }
    }
}

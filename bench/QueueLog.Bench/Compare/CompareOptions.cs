namespace QueueLog.Bench.Compare;

internal sealed record CompareOptions
{
    public const string Usage = """
        compare [--rounds N] [--records N] [--only TEXT]...
        Side by side with the peers, as one table.

          --rounds   how often each contender runs, in turn with the others; the median counts (default 5)
          --records  records of each of the 10 writers (default 20000; 50 x that where a run would be too short to time,
                     5 x that for script loops, which the engine compiles while they run, and for 50 writers; a part of
                     it where each record waits for a mutex: a 4th, and a 100th for Add-Content)
          --only     contenders whose name or contest contains the text; may be given several times
                     The files are made in the folder for temporary files: TMPDIR chooses the disk that is waited for.
        """;

    public int Rounds { get; init; } = 5;

    public int Records { get; init; } = 20_000;

    public IReadOnlyList<string> Only { get; init; } = [];

    /// <exception cref="ArgumentException">An option is unknown or its value is no positive number.</exception>
    public static CompareOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new CompareOptions();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            options = arguments[i] switch
            {
                "--rounds" => options with { Rounds = Argument.Positive(value) },
                "--records" => options with { Records = Argument.Positive(value) },
                "--only" => options with { Only = [.. options.Only, value] },
                _ => throw new ArgumentException($"Unknown option '{arguments[i]}'."),
            };
        }

        return options;
    }

    public bool Includes(Contender contender) =>
        Only.Count == 0
        || Only.Any(text => contender.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
            || contender.Contest.Title.Contains(text, StringComparison.OrdinalIgnoreCase));
}

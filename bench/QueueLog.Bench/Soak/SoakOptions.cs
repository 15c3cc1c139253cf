namespace QueueLog.Bench.Soak;

internal sealed record SoakOptions
{
    public const string Usage = """
        soak [--minutes N] [--writers N] [--rate N]
        One listener and many writer processes for a long time: is every record there once and in order, and does the
        listener's memory stay where it was? Exit code 1 when not.

          --minutes  how long the writers log (default 10)
          --writers  how many processes (default 10)
          --rate     records/s of all writers together (default 20000, some 1.4 GB in 10 minutes); 0 for as fast as they
                     can, which may be 10 GB a minute. Everything is kept until it is checked, and the run ends early
                     when the disk gets full.
        """;

    public int Minutes { get; init; } = 10;

    public int Writers { get; init; } = 10;

    /// <summary>Records per second of all writers together; 0 for as fast as they can.</summary>
    public int Rate { get; init; } = 20_000;

    public TimeSpan Duration => TimeSpan.FromMinutes(Minutes);

    /// <exception cref="ArgumentException">An option is unknown or its value is no number.</exception>
    public static SoakOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new SoakOptions();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            options = arguments[i] switch
            {
                "--minutes" => options with { Minutes = Argument.Positive(value) },
                "--writers" => options with { Writers = Argument.Positive(value) },
                "--rate" => options with { Rate = Argument.NotNegative(value) },
                _ => throw new ArgumentException($"Unknown option '{arguments[i]}'."),
            };
        }

        return options;
    }
}

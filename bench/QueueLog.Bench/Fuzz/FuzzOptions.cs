using QueueLog.Bench.Fuzz.Engine;

namespace QueueLog.Bench.Fuzz;

internal sealed record FuzzOptions
{
    public const string Usage = """
        fuzz [--inputs N] [--seed N] [--only TEXT]... [--index N]
        Valid, broken and random inputs for every decoder: none may fail but with a ProtocolException or a
        JournalException, allocate much more than its input is long, or hang. Exit code 1, with the seed and the index, when one does.

          --inputs   how many inputs, shared out among the decoders (default 1000000)
          --seed     makes the same inputs again (default: another one each time)
          --only     decoders whose name contains the text; may be given several times
          --index    this input alone, of each decoder
        """;

    public int Inputs { get; init; } = 1_000_000;

    public int Seed { get; init; } = Random.Shared.Next();

    public IReadOnlyList<string> Only { get; init; } = [];

    public int? Index { get; init; }

    /// <exception cref="ArgumentException">An option is unknown or its value is no number.</exception>
    public static FuzzOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new FuzzOptions();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            options = arguments[i] switch
            {
                "--inputs" => options with { Inputs = Argument.Positive(value) },
                "--seed" => options with { Seed = Argument.NotNegative(value) },
                "--only" => options with { Only = [.. options.Only, value] },
                "--index" => options with { Index = Argument.NotNegative(value) },
                _ => throw new ArgumentException($"Unknown option '{arguments[i]}'."),
            };
        }

        return options;
    }

    public bool Includes(FuzzTarget target) =>
        Only.Count == 0 || Only.Any(text => target.Name.Contains(text, StringComparison.OrdinalIgnoreCase));
}

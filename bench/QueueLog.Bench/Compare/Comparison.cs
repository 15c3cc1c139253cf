namespace QueueLog.Bench.Compare;

/// <summary>Runs every contender once a round, so that whatever else the machine does meets all of them alike.</summary>
internal static class Comparison
{
    public static int Run(ReadOnlySpan<string> arguments)
    {
        CompareOptions options;
        try
        {
            options = CompareOptions.Parse(arguments);
        }
        catch (ArgumentException exception)
        {
            Console.Error.WriteLine($"{exception.Message}\n\n{CompareOptions.Usage}");
            return 2;
        }

        var rows = Contenders.All(options).Where(options.Includes).Select(contender => new Row(contender)).ToArray();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var row in rows)
            {
                Console.Error.WriteLine($"round {round} of {options.Rounds}: {row.Contender.Contest.Title}: {row.Contender.Name}");
                row.Run();
            }
        }

        ComparisonTable.Write(Console.Out, rows, options);
        return rows.Any(row => row.Fault?.StartsWith("missing", StringComparison.Ordinal) == false) ? 1 : 0;
    }
}

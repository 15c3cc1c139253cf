using System.Globalization;
using System.Runtime.InteropServices;

namespace QueueLog.Bench.Compare;

/// <summary>Prints the rows as one Markdown table, so that a run can be pasted where it is talked about.</summary>
internal static class ComparisonTable
{
    private static readonly string[] Header = ["what", "median", "unit", "ratio"];

    public static void Write(TextWriter output, IReadOnlyCollection<Row> rows, CompareOptions options)
    {
        output.WriteLine($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        output.WriteLine($"medians of {options.Rounds} rounds; ratio = median / median of the base; more is better for …/s, less for times");
        output.WriteLine();

        var cells = new List<string[]> { Header, Header.Select(_ => "").ToArray() };
        foreach (var contest in rows.GroupBy(row => row.Contender.Contest))
        {
            cells.Add([$"**{contest.Key.Title}**", "", "", ""]);
            var first = contest.FirstOrDefault(row => row.Contender.IsBase);
            cells.AddRange(contest.Select(row => Cells(row, first)));
        }

        var widths = Enumerable.Range(0, Header.Length).Select(column => cells.Max(line => line[column].Length)).ToArray();
        cells[1] = widths.Select((width, column) => column is 1 or 3 ? new string('-', width - 1) + ":" : new string('-', width)).ToArray();
        foreach (var line in cells)
        {
            var padded = line.Select((cell, column) => column is 1 or 3 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine($"| {string.Join(" | ", padded)} |");
        }

        output.WriteLine();
        foreach (var row in rows.Where(row => row.Fault is not null))
        {
            output.WriteLine($"{row.Contender.Contest.Title}, {row.Contender.Name}: {row.Fault}");
        }
    }

    private static string[] Cells(Row row, Row? first)
    {
        var name = row == first ? $"{row.Contender.Name} (base)" : row.Contender.Name;
        if (row.Fault is { } fault)
        {
            return [name, fault[..fault.IndexOf(':', StringComparison.Ordinal)], row.Contender.Contest.Unit, "-"];
        }

        var ratio = row.Median / (first is { Fault: null } ? first.Median : double.NaN);
        return [name, Figure(row.Median), row.Contender.Contest.Unit, double.IsNaN(ratio) ? "-" : Figure(ratio)];
    }

    private static string Figure(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "N0", >= 10 => "N1", >= 0.1 or 0 => "N2", _ => "N3" }, CultureInfo.InvariantCulture);
}

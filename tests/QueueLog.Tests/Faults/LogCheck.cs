using System.Globalization;
using System.IO.Compression;
using QueueLog.FaultActor;

namespace QueueLog.Tests.Faults;

/// <summary>Reads a log after the fact: whether it holds what its writers had handed over, once, in order, unbroken.</summary>
internal sealed class LogCheck
{
    private const int Shown = 20;

    // By default a pattern that ends in ".*" also matches a name without any such ending.
    private static readonly EnumerationOptions Exactly = new() { MatchType = MatchType.Simple };

    private readonly Dictionary<string, long[]> last;
    private readonly Dictionary<int, long> sequences = [];
    private readonly Dictionary<int, long> vanished = [];
    private readonly Dictionary<string, int> threads;
    private readonly List<string> problems = [];
    private int count;

    private LogCheck(IReadOnlyList<WriterClaim> claims)
    {
        last = claims.ToDictionary(claim => claim.Name, claim => new long[claim.Returned.Length]);
        threads = claims.ToDictionary(claim => claim.Name, claim => claim.Returned.Length);
    }

    /// <summary>Checks a log and its rolled files.</summary>
    /// <returns>What is wrong, the first of it.</returns>
    public static IReadOnlyList<string> Run(string log, IReadOnlyList<WriterClaim> claims) => Run(FilesOf(log).SelectMany(ReadLines), claims);

    /// <summary>The same for its lines, oldest first.</summary>
    public static IReadOnlyList<string> Run(IEnumerable<(string Place, string Text)> lines, IReadOnlyList<WriterClaim> claims)
    {
        var check = new LogCheck(claims);
        foreach (var (place, text) in lines)
        {
            check.Read(place, text);
        }

        foreach (var claim in claims)
        {
            check.Compare(claim);
        }

        return check.count <= Shown ? check.problems : [.. check.problems, $"… and {check.count - Shown} more"];
    }

    // Of numbered files the largest number is the oldest; dates go upwards, and so do numbers behind them.
    private static IEnumerable<string> FilesOf(string log)
    {
        var rolled =
            from file in Directory.EnumerateFiles(Path.GetDirectoryName(log)!, Path.GetFileName(log) + ".?*", Exactly)
            let name = file.EndsWith(".gz", StringComparison.Ordinal) ? file[..^3] : file
            let parts = name[(log.Length + 1)..].Split('.')
            let date = parts[0].Contains('-', StringComparison.Ordinal) ? parts[0] : ""
            let number = date.Length == 0 ? -int.Parse(parts[0], CultureInfo.InvariantCulture) : parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0
            orderby date, number
            select file;
        return File.Exists(log) ? rolled.Append(log) : rolled.Any() ? rolled : DatedFilesOf(log);
    }

    // With the date in every name no file is called by the log's own.
    private static IEnumerable<string> DatedFilesOf(string log) =>
        from file in Directory.EnumerateFiles(Path.GetDirectoryName(log)!, Path.GetFileNameWithoutExtension(log) + "-*", Exactly)
        let parts = Path.GetFileName(file).Split('-', '.')[1].Split('_')
        let number = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0
        orderby parts[0], number
        select file;

    private static string ReadText(string file)
    {
        using var stream = File.OpenRead(file);
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        return reader.ReadToEnd();
    }

    // Not by lines that the platform knows: a lone carriage return is no end of one.
    private static IEnumerable<(string Place, string Text)> ReadLines(string file)
    {
        var lines = ReadText(file).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var isHeader = i == 0 && lines[i] == "# QueueLog: text " + FaultMessage.LineTemplate;
            var isEnd = i == lines.Length - 1 && lines[i].Length == 0;
            if (i == 0 && !isHeader && !isEnd)
            {
                yield return (Path.GetFileName(file), "it has no header");
            }

            if (!isHeader && !isEnd)
            {
                yield return ($"{Path.GetFileName(file)}:{i + 1}", i < lines.Length - 1 ? lines[i] : lines[i] + " (and no end of line)");
            }
        }
    }

    // line = level pid sequence category message
    private void Read(string place, string text)
    {
        if (text.Split(' ', 5) is not [_, var pidText, var sequenceText, var category, var message]
            || !int.TryParse(pidText, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            || !long.TryParse(sequenceText, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            Add(place, $"broken: {Cut(text)}");
        }
        else if (category == "QueueLog.Listener" && message.StartsWith("[QueueLog] ", StringComparison.Ordinal))
        {
            ReadOwn(place, text, message);
        }
        else if (!FaultMessage.TryParse(message, out var record) || !last.TryGetValue(record.Writer, out var numbers) || record.Thread >= numbers.Length)
        {
            Add(place, $"broken: {Cut(text)}");
        }
        else
        {
            Follow(place, $"{record.Writer}.{record.Thread}", numbers[record.Thread], record.Number);
            numbers[record.Thread] = Math.Max(numbers[record.Thread], record.Number);
            Follow(place, $"the sequence of {record.Writer}", sequences.GetValueOrDefault(pid), sequence);
            sequences[pid] = Math.Max(sequences.GetValueOrDefault(pid), sequence);
        }
    }

    private void ReadOwn(string place, string text, string message)
    {
        const string Vanished = " ended without a goodbye; its last record was number ";
        var at = message.IndexOf(Vanished, StringComparison.Ordinal);
        if (at > 0 && text.StartsWith("Error ", StringComparison.Ordinal))
        {
            var pid = int.Parse(message.AsSpan(message.IndexOf("(pid ", StringComparison.Ordinal) + 5)[..^(message.Length - at + 1)], CultureInfo.InvariantCulture);
            vanished[pid] = long.Parse(message[(at + Vanished.Length)..].Split(',')[0], CultureInfo.InvariantCulture);
        }
        else if (!message.Contains("records left by an earlier listener were recovered", StringComparison.Ordinal))
        {
            Add(place, $"the listener complains: {Cut(text)}");
        }
    }

    private void Follow(string place, string whose, long before, long now)
    {
        if (now <= before)
        {
            Add(place, $"repeated: {whose} has {now} behind {before}");
        }
        else if (now > before + 1)
        {
            Add(place, $"missing: {whose} has {now} behind {before}");
        }
    }

    private void Compare(WriterClaim claim)
    {
        for (var thread = 0; thread < claim.Returned.Length; thread++)
        {
            var (returned, logged) = (claim.Returned[thread], last[claim.Name][thread]);
            if (logged < returned)
            {
                Add(claim.Name, $"missing: thread {thread} had handed over {returned}, and the log ends with {logged}");
            }
            else if (logged > returned + (claim.IsKilled ? 1 : 0))
            {
                Add(claim.Name, $"unheard of: thread {thread} had handed over {returned}, and the log ends with {logged}");
            }
        }

        var told = vanished.TryGetValue(claim.Pid, out var lastTold);
        var wrote = sequences.TryGetValue(claim.Pid, out var lastWritten);
        if (claim.IsKilled && wrote && !told)
        {
            Add(claim.Name, "it was killed, and the log does not say so");
        }
        else if (told && (!claim.IsKilled || lastTold != lastWritten))
        {
            Add(claim.Name, $"its end is told wrongly: killed {claim.IsKilled}, told of {lastTold} records, written {lastWritten}");
        }
    }

    private void Add(string place, string problem)
    {
        if (count++ < Shown)
        {
            problems.Add($"{place}: {problem}");
        }
    }

    private static string Cut(string text) => text.Length <= 300 ? text : text[..300] + "…";
}

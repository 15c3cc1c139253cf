namespace QueueLog.Bench.Processes;

/// <summary>Reads what the writers have put into their lines.</summary>
internal static class RecordLine
{
    /// <summary>The number behind a label, or -1.</summary>
    public static int NumberAfter(ReadOnlySpan<char> line, ReadOnlySpan<char> label)
    {
        var start = line.IndexOf(label, StringComparison.Ordinal);
        if (start < 0)
        {
            return -1;
        }

        var digits = line[(start + label.Length)..];
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? digits : digits[..end], out var number) ? number : -1;
    }
}

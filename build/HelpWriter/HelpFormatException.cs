namespace QueueLog.HelpWriter;

/// <summary>A page is not built as help pages are; <paramref name="line"/> is 1-based.</summary>
internal sealed class HelpFormatException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}

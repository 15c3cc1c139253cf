namespace QueueLog.HelpWriter;

/// <param name="Output">What the code prints, or null when it prints nothing.</param>
internal sealed record HelpExample(string Title, IReadOnlyList<string> Introduction, string Code, string? Output, IReadOnlyList<string> Remarks);

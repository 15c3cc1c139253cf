namespace QueueLog.HelpWriter;

/// <param name="Text">What is shown.</param>
/// <param name="Target">An address, or the file of another page.</param>
internal sealed record HelpLink(string Text, string Target);

namespace QueueLog.HelpWriter;

/// <summary>A paragraph, a list item or a fenced block.</summary>
/// <param name="Text">A paragraph on one line; a fenced block as it stands.</param>
/// <param name="Fence">Null for text; otherwise the language of the fence, which may be empty.</param>
/// <param name="Line">1-based line it begins on.</param>
internal sealed record Block(string Text, string? Fence, int Line);

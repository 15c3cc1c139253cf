namespace QueueLog.Formatting;

/// <summary>One piece of a parsed template.</summary>
/// <param name="Field">What it stands for.</param>
/// <param name="Position">Where it starts in the template, 0-based.</param>
/// <param name="Text">The text of a literal with its braces unescaped, otherwise the name as it was written.</param>
internal sealed record TemplateToken(TemplateField Field, int Position, string Text)
{
    /// <summary>What stands after the colon, already checked; null when there is none.</summary>
    public string? Format { get; init; }

    /// <summary>Least number of characters: positive aligns right, negative left, 0 leaves the value as it is.</summary>
    public int Width { get; init; }
}

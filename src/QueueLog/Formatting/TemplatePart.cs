namespace QueueLog.Formatting;

/// <summary>A token made ready for formatting: whatever does not change from record to record is done once.</summary>
internal sealed class TemplatePart
{
    public required TemplateField Field { get; init; }

    public int Width { get; init; }

    /// <summary>The bytes of a literal, or the name of a property.</summary>
    public byte[] Text { get; init; } = [];

    /// <summary>The names of the levels, formatted and aligned, by number.</summary>
    public byte[][] Levels { get; init; } = [];

    /// <summary>Whether the values in a message are coloured. Default: no.</summary>
    public bool IsColoured { get; init; }

    /// <summary>Format of an integer field.</summary>
    public string? Format { get; init; }

    public TimestampText? Timestamp { get; init; }

    /// <summary>Writes the name of a process, worker or category.</summary>
    public RepeatedText? Repeated { get; init; }

    public ValueFormat? PropertyFormat { get; init; }
}

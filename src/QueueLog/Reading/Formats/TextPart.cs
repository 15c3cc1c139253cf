using QueueLog.Formatting;

namespace QueueLog.Reading.Formats;

/// <summary>A token of a template made ready for reading.</summary>
internal sealed class TextPart
{
    public required TemplateField Field { get; init; }

    /// <summary>The bytes of a literal, or the name of a property.</summary>
    public byte[] Text { get; init; } = [];

    public int Width { get; init; }

    /// <summary>The names of the levels as the template shows them, by number.</summary>
    public byte[][] Levels { get; init; } = [];

    /// <summary>Null also where the format cannot be read: the time is then a text like others.</summary>
    public TimestampReader? Timestamp { get; init; }

    /// <summary>Whether it is written as digits that can be read back.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Whether its digits stand in groups, with commas between.</summary>
    public bool IsGrouped { get; init; }

    /// <summary>Whether it is a text of blanks alone.</summary>
    public bool IsBlank => Field == TemplateField.Literal && !Text.AsSpan().ContainsAnyExcept((byte)' ');

    /// <summary>Whether only what the text around it says tells where it ends.</summary>
    public bool IsLoose => Field is not (TemplateField.Literal or TemplateField.NewLine or TemplateField.Level) && Timestamp is null && !IsNumber;
}

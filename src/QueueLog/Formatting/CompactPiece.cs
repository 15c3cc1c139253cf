namespace QueueLog.Formatting;

/// <summary>A piece of a template: a hole, or the text of the message that stands before or behind one.</summary>
/// <param name="Start">Where in the template the text is.</param>
/// <param name="Length">Its length; 0 for a hole.</param>
internal readonly record struct CompactPiece(int Start, int Length)
{
    /// <summary>The hole, if it is one.</summary>
    public CompactHole Hole { get; init; }

    /// <summary>The hole's format; null for none.</summary>
    public string? Format { get; init; }

    /// <summary>Whether the hole's name is one of the compact format's own.</summary>
    public bool IsReserved { get; init; }
}

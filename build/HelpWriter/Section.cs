namespace QueueLog.HelpWriter;

/// <summary>A heading and what stands under it.</summary>
internal sealed class Section(string title, int line)
{
    public string Title { get; } = title;

    /// <summary>1-based line of the heading.</summary>
    public int Line { get; } = line;

    /// <summary>Blocks before the first heading one level down.</summary>
    public List<Block> Blocks { get; } = [];

    public List<Section> Sections { get; } = [];

    public IReadOnlyList<string> Paragraphs => [.. Blocks.Where(block => block.Fence is null).Select(block => block.Text)];
}

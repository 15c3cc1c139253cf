using System.Text;

namespace QueueLog.HelpWriter;

/// <summary>An about_ page as the plain text that Get-Help shows.</summary>
internal sealed record AboutTopic(string Name, string Text)
{
    private const int Width = 80;

    public static AboutTopic Read(IReadOnlyList<string> lines)
    {
        var page = Outline.Read(lines);

        // The engine recognizes these two headings, in this case, and takes the synopsis from the second.
        if (page.Sections is not [{ Title: "Short description" }, ..])
        {
            throw new HelpFormatException(page.Line, "An about page begins with the section 'Short description'.");
        }

        var text = new StringBuilder($"TOPIC\n    {page.Title}\n");
        foreach (var section in page.Sections)
        {
            text.Append('\n').Append(section.Title.ToUpperInvariant()).Append('\n');
            Append(text, section.Blocks, "    ");
            foreach (var part in section.Sections)
            {
                text.Append("\n  ").Append(PlainText.Of(part.Title)).Append('\n');
                Append(text, part.Blocks, "    ");
            }
        }

        return new AboutTopic(page.Title, text.ToString());
    }

    private static void Append(StringBuilder text, IEnumerable<Block> blocks, string indent)
    {
        Block? previous = null;
        foreach (var block in blocks)
        {
            // Items of one list stand close together.
            if (previous is not null && !(IsItem(block) && IsItem(previous)))
            {
                text.Append('\n');
            }

            if (block.Fence is null)
            {
                Wrap(text, PlainText.Of(block.Text), indent, IsItem(block) ? indent + "  " : indent);
            }
            else
            {
                foreach (var line in block.Text.Split('\n'))
                {
                    text.Append(line.Length == 0 ? "" : indent + "    " + line).Append('\n');
                }
            }

            previous = block;
        }
    }

    private static void Wrap(StringBuilder text, string paragraph, string firstIndent, string indent)
    {
        var line = firstIndent;
        var empty = true;
        foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!empty && line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                line = indent;
                empty = true;
            }

            line += empty ? word : " " + word;
            empty = false;
        }

        text.Append(line).Append('\n');
    }

    private static bool IsItem(Block block) => block.Fence is null && block.Text.StartsWith("- ", StringComparison.Ordinal);
}

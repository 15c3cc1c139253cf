namespace QueueLog.HelpWriter;

/// <summary>Splits Markdown into sections three levels deep and their blocks: the part of the language help pages use.</summary>
internal static class Outline
{
    // page      = [front matter] "# " title { block } { "## " section }
    // section   = title { block } { "### " section }
    // block     = fence | item | paragraph
    // fence     = "```" [language] { line } "```"
    // item      = "- " line { "  " line }
    public static Section Read(IReadOnlyList<string> lines)
    {
        Section? page = null;
        var path = new Section?[3];
        var at = SkipFrontMatter(lines);
        while (at < lines.Count)
        {
            var line = lines[at];
            var level = HeadingLevel(line);
            if (level > 0)
            {
                var section = new Section(line[(level + 1)..].Trim(), at + 1);
                if (level == 1 ? page is not null : path[level - 2] is null)
                {
                    throw new HelpFormatException(at + 1, "A heading stands outside the order # title, ## section, ### part.");
                }

                page ??= section;
                if (level > 1)
                {
                    path[level - 2]!.Sections.Add(section);
                }

                path[level - 1] = section;
                Array.Clear(path, level, path.Length - level);
                at++;
            }
            else if (line.Length == 0)
            {
                at++;
            }
            else
            {
                var block = ReadBlock(lines, ref at);
                var owner = path.LastOrDefault(section => section is not null)
                    ?? throw new HelpFormatException(block.Line, "Text stands before the title.");
                owner.Blocks.Add(block);
            }
        }

        return page ?? throw new HelpFormatException(1, "The page has no title.");
    }

    private static int SkipFrontMatter(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0 || lines[0] != "---")
        {
            return 0;
        }

        for (var at = 1; at < lines.Count; at++)
        {
            if (lines[at] == "---")
            {
                return at + 1;
            }
        }

        throw new HelpFormatException(1, "The front matter has no end.");
    }

    private static int HeadingLevel(string line)
    {
        var level = line.TakeWhile(c => c == '#').Count();
        return level is > 0 and <= 3 && line.Length > level && line[level] == ' ' ? level : 0;
    }

    private static Block ReadBlock(IReadOnlyList<string> lines, ref int at)
    {
        var first = at;
        if (lines[at].StartsWith("```", StringComparison.Ordinal))
        {
            while (++at < lines.Count && lines[at] != "```")
            {
            }

            if (at == lines.Count)
            {
                throw new HelpFormatException(first + 1, "A fenced block has no end.");
            }

            at++;
            return new Block(string.Join('\n', lines.Skip(first + 1).Take(at - first - 2)), lines[first][3..].Trim(), first + 1);
        }

        var text = lines[at++].Trim();
        while (at < lines.Count && lines[at].Length > 0 && HeadingLevel(lines[at]) == 0 && !StartsBlock(lines[at]))
        {
            text += " " + lines[at++].Trim();
        }

        return new Block(text, Fence: null, first + 1);
    }

    private static bool StartsBlock(string line) =>
        line.StartsWith("- ", StringComparison.Ordinal) || line.StartsWith("```", StringComparison.Ordinal);
}

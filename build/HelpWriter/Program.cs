using QueueLog.HelpWriter;

// usage: HelpWriter DOCS TARGET HELPFILE
if (args is not [var docs, var target, var helpFile])
{
    Console.Error.WriteLine("usage: HelpWriter <folder of Markdown pages> <folder to write to> <name of the help file>");
    return 2;
}

var pages = new List<HelpPage>();
var topics = new List<AboutTopic>();
foreach (var path in Directory.EnumerateFiles(docs, "*.md").Order(StringComparer.Ordinal))
{
    try
    {
        var lines = File.ReadAllLines(path);
        if (Path.GetFileName(path).StartsWith("about_", StringComparison.Ordinal))
        {
            topics.Add(AboutTopic.Read(lines));
        }
        else
        {
            pages.Add(HelpPageReader.Read(lines));
        }
    }
    catch (HelpFormatException exception)
    {
        // The form MSBuild turns into an error with a place to click on.
        Console.Error.WriteLine($"{path}({exception.Line}): error HELP: {exception.Message}");
        return 1;
    }
}

Directory.CreateDirectory(target);
MamlWriter.Write(pages).Save(Path.Combine(target, helpFile));
foreach (var topic in topics)
{
    File.WriteAllText(Path.Combine(target, topic.Name + ".help.txt"), topic.Text);
}

return 0;

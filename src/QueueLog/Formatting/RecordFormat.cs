using QueueLog.Records;

namespace QueueLog.Formatting;

/// <summary>Makes the formatter of a format.</summary>
internal static class RecordFormat
{
    /// <param name="format">The format.</param>
    /// <param name="template">The line, where the format is Text.</param>
    /// <param name="withHeader">Whether files are to tell their format.</param>
    /// <param name="isReadBack">Whether it is a file that is written, whose entries must be told apart.</param>
    /// <param name="isColoured">Whether lines of Text have colours. Default: no.</param>
    /// <exception cref="TemplateException">The template is empty or wrong.</exception>
    public static IRecordFormatter Create(LogFormat format, string template = TemplateFormatter.DefaultTemplate, bool withHeader = true, bool isReadBack = true, bool isColoured = false)
    {
        var lines = withHeader ? new FormatLines(format, template) : null;
        return format switch
        {
            LogFormat.Text => new TemplateFormatter(template, isColoured) { Lines = lines, IsReadBack = isReadBack },
            LogFormat.Json => new JsonFormatter { Lines = lines },
            LogFormat.Logfmt => new LogfmtFormatter { Lines = lines },
            LogFormat.Csv => new CsvFormatter { Lines = lines },
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format."),
        };
    }
}

namespace QueueLog.Formatting;

/// <summary>A template that cannot be understood.</summary>
public sealed class TemplateException : Exception
{
    internal TemplateException(string template, int position, string expected, string tokens = TemplateParser.KnownTokens)
        : base($"The template is wrong at column {position + 1}: expected {expected}; tokens are {tokens}. The template: '{template}'.")
    {
        Template = template;
        Position = position;
        Expected = expected;
    }

    /// <summary>The template as it was given.</summary>
    public string Template { get; }

    /// <summary>Where it went wrong, 0-based; the length of the template when it ended too early.</summary>
    public int Position { get; }

    /// <summary>What should have stood there.</summary>
    public string Expected { get; }
}

namespace QueueLog.Formatting;

/// <summary>Finds names in a template that look like misspelt tokens: every other name is that of a property, and would silently show nothing.</summary>
internal static class TemplateSpelling
{
    // A shorter name is too close to too many words.
    private const int Shortest = 5;

    /// <summary>What was written, and the token that it looks like.</summary>
    public static IEnumerable<(string Written, TemplateField Token)> Find(IEnumerable<TemplateToken> tokens)
    {
        foreach (var token in tokens)
        {
            if (token is { Field: TemplateField.Property, IsMeant: false })
            {
                for (var field = TemplateField.Timestamp; field < TemplateField.Property; field++)
                {
                    if (IsSlip(token.Text.ToUpperInvariant(), field.ToString().ToUpperInvariant()))
                    {
                        yield return (token.Text, field);
                    }
                }
            }
        }
    }

    // One letter too many, too few, or another, or two that have changed places.
    private static bool IsSlip(string written, string name)
    {
        if (Math.Min(written.Length, name.Length) < Shortest || Math.Abs(written.Length - name.Length) > 1)
        {
            return false;
        }

        var start = 0;
        while (start < Math.Min(written.Length, name.Length) && written[start] == name[start])
        {
            start++;
        }

        var (restWritten, restName) = (written[start..], name[start..]);
        return Behind(restWritten, 1) == Behind(restName, 1)
            || Behind(restWritten, 1) == restName
            || restWritten == Behind(restName, 1)
            || (restWritten.Length >= 2 && restName.Length >= 2 && restWritten[0] == restName[1] && restWritten[1] == restName[0] && restWritten[2..] == restName[2..]);
    }

    private static string? Behind(string text, int count) => text.Length >= count ? text[count..] : null;
}

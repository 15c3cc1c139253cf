namespace QueueLog.Reading.Files;

/// <summary>Makes a line break of each carriage return that has none behind it: it ends a line too.</summary>
internal static class LoneBreaks
{
    /// <summary>Leaves one at the end: what follows it is not known.</summary>
    public static void Replace(Span<byte> text)
    {
        for (var next = text.IndexOf((byte)'\r'); next >= 0 && next + 1 < text.Length; next = text.IndexOf((byte)'\r'))
        {
            if (text[next + 1] != '\n')
            {
                text[next] = (byte)'\n';
            }

            text = text[(next + 1)..];
        }
    }
}

namespace QueueLog.Reading;

/// <summary>A test of a name, asked once for each name that comes.</summary>
internal sealed class TextFilter(Func<string, bool> isWanted)
{
    // Names are few. Where they are not, each is asked for again.
    private const int MostKept = 1000;

    private readonly TextCache texts = new();
    private readonly Dictionary<string, bool> answers = new(StringComparer.Ordinal);

    public bool Accepts(ReadOnlySpan<byte> utf8)
    {
        var text = texts.Get(utf8);
        if (!answers.TryGetValue(text, out var answer))
        {
            answer = isWanted(text);
            if (answers.Count < MostKept)
            {
                answers.Add(text, answer);
            }
        }

        return answer;
    }
}

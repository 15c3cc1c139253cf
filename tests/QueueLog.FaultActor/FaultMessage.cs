using System.Globalization;

namespace QueueLog.FaultActor;

/// <summary>What a writer logs. Everything but its length follows from whose it is and its number, so that a reader can tell whether it is whole.</summary>
// message = writer "." thread " " number " " length " [" length letters "]"
internal readonly record struct FaultMessage(string Writer, int Thread, long Number, int Length)
{
    /// <summary>Template of the lines that the listener writes with them.</summary>
    public const string LineTemplate = "{Level} {Pid} {Sequence} {Category} {Message}";

    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    // More than a quarter of a ring: such a record gets a file of its own.
    private const int Large = 300 * 1024;

    /// <summary>The length of a writer's n-th message: mostly a line's, now and then longer than a page, seldom longer than fits a ring.</summary>
    public static int LengthOf(long number, int largeEvery) =>
        number % largeEvery == 0 ? Large : number % 97 == 0 ? 5000 : 20 + (int)(number * 7 % 100);

    public static bool TryParse(string text, out FaultMessage message)
    {
        message = default;
        var parts = text.Split(' ', 4);
        var dot = parts[0].IndexOf('.');
        if (parts.Length != 4 || dot < 0
            || !int.TryParse(parts[0].AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var thread)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return false;
        }

        message = new FaultMessage(parts[0][..dot], thread, number, length);
        return text.Length < Large * 2 && text == message.ToString();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Writer}.{Thread} {Number:D6} {Length} [{Filler()}]");

    private string Filler() => string.Create(Math.Min(Length, Large), (int)(Number % Letters.Length), static (filler, first) =>
    {
        for (var i = 0; i < filler.Length; i++)
        {
            filler[i] = Letters[(first + i) % Letters.Length];
        }
    });
}

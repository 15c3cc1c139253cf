using System.Buffers;
using System.Globalization;

namespace QueueLog.PowerShell.Arguments;

/// <summary>How long something takes, as users write it: <c>90s</c>, <c>10m</c>, <c>1h30m</c>.</summary>
internal static class DurationText
{
    private static readonly SearchValues<char> NumberParts = SearchValues.Create("0123456789.");

    /// <summary>A duration with units, or as a clock shows it: <c>00:05:00</c>.</summary>
    /// <returns>Null for anything else, a number without a unit too.</returns>
    public static TimeSpan? Parse(string text) =>
        TryParse(text, out var duration) ? duration
        : text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span
        : null;

    // duration = 1*( number unit )
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text.IsEmpty)
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(NumberParts);
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            text = text[digits..];
            var letters = text.IndexOfAnyInRange('0', '9');
            var unit = text[..(letters < 0 ? text.Length : letters)];
            if (UnitOf(unit.Trim()) is not { } seconds || number * seconds > TimeSpan.MaxValue.TotalSeconds / 1000)
            {
                return false;
            }

            duration += TimeSpan.FromSeconds(number * seconds);
            text = text[unit.Length..];
        }

        return true;
    }

    private static double? UnitOf(ReadOnlySpan<char> unit)
    {
        Span<char> lower = stackalloc char[3];
        return unit.Length > lower.Length ? null : lower[..unit.ToLowerInvariant(lower)] switch
        {
            "ms" => 0.001,
            "s" or "sec" => 1,
            "m" or "min" => 60,
            "h" => 3600,
            "d" => 86_400,
            "w" => 7 * 86_400,
            _ => null,
        };
    }
}

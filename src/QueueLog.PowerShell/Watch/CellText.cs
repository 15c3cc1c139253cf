using System.Globalization;
using System.Text;

namespace QueueLog.PowerShell.Watch;

/// <summary>Texts as wide as so many cells of a terminal. Whatever could move the cursor or change colors is shown as a dot.</summary>
internal static class CellText
{
    /// <summary>Cuts a text, or fills it with spaces, to a width.</summary>
    public static string Fit(string text, int width)
    {
        var line = new StringBuilder(width);
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var cells = WidthOf(rune);
            if (used + cells > width)
            {
                break;
            }

            if (IsShown(rune))
            {
                line.Append(rune);
            }
            else
            {
                line.Append('·');
            }

            used += cells;
        }

        return line.Append(' ', Math.Max(0, width - used)).ToString();
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static int WidthOf(Rune rune) => !IsShown(rune) ? 1
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? 0
        : rune.Value is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F
            or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F300 and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD ? 2
        : 1;
}

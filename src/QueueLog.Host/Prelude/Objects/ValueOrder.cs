using System.Globalization;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Objects;

/// <summary>The order of any two values: PowerShell's where it has one, that of their text where it has none.</summary>
internal sealed class ValueOrder(bool caseSensitive) : IComparer<object?>
{
    public int Compare(object? x, object? y)
    {
        if (LanguagePrimitives.TryCompare(x, y, !caseSensitive, CultureInfo.CurrentCulture, out var order))
        {
            return order;
        }

        var options = caseSensitive ? CompareOptions.None : CompareOptions.IgnoreCase;
        return CultureInfo.CurrentCulture.CompareInfo.Compare(x?.ToString(), y?.ToString(), options);
    }
}

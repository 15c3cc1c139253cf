using System.Globalization;

namespace QueueLog.Sinks.RollingFile;

/// <summary>The names of a log's files: <c>run.log</c>, and <c>run.log.1</c> (newest) and so on for the old ones.</summary>
internal sealed class RollingPath(string path)
{
    /// <summary>How the file systems of this operating system usually compare names.</summary>
    public static StringComparison NameComparison { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Full path of the current file.</summary>
    public string Current => path;

    public string Folder { get; } = Path.GetDirectoryName(path) ?? path;

    public string CurrentName { get; } = Path.GetFileName(path);

    public string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{CurrentName}.{number}");

    public string FullPathOf(string name) => Path.Combine(Folder, name);

    /// <summary>The number of an old file, or null if the name is none of ours.</summary>
    public int? NumberOf(string name)
    {
        if (name.Length <= CurrentName.Length + 1
            || !name.StartsWith(CurrentName, NameComparison)
            || name[CurrentName.Length] != '.')
        {
            return null;
        }

        var digits = name.AsSpan(CurrentName.Length + 1);
        return digits[0] != '0' && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}

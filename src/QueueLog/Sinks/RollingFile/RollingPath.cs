using System.Globalization;

namespace QueueLog.Sinks.RollingFile;

/// <summary>
/// The names of a log's files: <c>run.log</c>, and behind that a number for the old ones, <c>run.log.1</c> being the newest, or
/// the period they are of, and <c>.1</c>, <c>.2</c> … behind the period for its second file and those after it. Or the period stands
/// in every name: <c>run-20261125.log</c>, <c>run-20261125_001.log</c>; then no file is called <c>run.log</c>.
/// </summary>
/// <param name="path">Full path of the log.</param>
/// <param name="dates">The periods files are named by; null where they are numbered.</param>
/// <param name="isInName">Whether the period stands before the extension, in the name of the current file too.</param>
internal sealed class RollingPath(string path, RollInterval? dates = null, bool isInName = false)
{
    /// <summary>What stands behind the log's name in that of the file that it is to go on in.</summary>
    public const string NextExtension = ".queuelog-new";

    public const string GzipExtension = ".gz";
    private const string UnfinishedExtension = ".queuelog-gz";

    // Longer ones no one has counted up to.
    public const int MostDigits = 9;

    /// <summary>How the file systems of this operating system usually compare names.</summary>
    public static StringComparison NameComparison { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Full path of the log: of its current file, unless a date stands in that one's name.</summary>
    public string Log => path;

    public string Folder { get; } = Path.GetDirectoryName(path) ?? path;

    /// <summary>The name of the log.</summary>
    public string Name { get; } = Path.GetFileName(path);

    /// <summary>What the names of all its files begin with.</summary>
    public string Prefix { get; } = isInName ? DatedName.PrefixOf(Path.GetFileName(path)) : Path.GetFileName(path);

    /// <summary>Whether a date stands in the name of the current file too.</summary>
    public bool IsInName => isInName;

    /// <summary>Whether old files are named by dates.</summary>
    public bool IsDated => dates is not null;

    /// <summary>The name of a file that is being compressed.</summary>
    public string UnfinishedName => Name + UnfinishedExtension;

    public string NameOf(OldFile file)
    {
        var name = file switch
        {
            _ when isInName => DatedName.Of(Name, file.Date!, file.Number),
            { Date: null } => string.Create(CultureInfo.InvariantCulture, $"{Name}.{file.Number}"),
            { Number: 0 } => $"{Name}.{file.Date}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{Name}.{file.Date}.{file.Number}"),
        };
        return file.IsCompressed ? name + GzipExtension : name;
    }

    public string FullPathOf(string name) => Path.Combine(Folder, name);

    /// <summary>What a name says, exactly as it would have been given to an old file; null if it is none of ours.</summary>
    public OldFile? Parse(string name)
    {
        if (isInName)
        {
            return DatedName.Parse(Name, name, dates!.Value);
        }

        if (name.Length <= Name.Length + 1
            || !name.StartsWith(Name, NameComparison)
            || name[Name.Length] != '.')
        {
            return null;
        }

        var rest = name.AsSpan(Name.Length + 1);
        var isCompressed = rest.EndsWith(GzipExtension, NameComparison);
        rest = isCompressed ? rest[..^GzipExtension.Length] : rest;
        if (dates is not { } interval)
        {
            return NumberIn(rest) is { } number ? new OldFile(null, number, isCompressed) : null;
        }

        var dot = rest.IndexOf('.');
        var date = dot < 0 ? rest : rest[..dot];
        var behind = dot < 0 ? 0 : NumberIn(rest[(dot + 1)..]);
        return behind is { } order && PeriodName.IsOf(interval, date) ? new OldFile(date.ToString(), order, isCompressed) : null;
    }

    /// <summary>The names of the logs that a file of this name could belong to: as an old one, whatever those are called by, or as one that is being made.</summary>
    public static IEnumerable<string> LogsWith(string name)
    {
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            var log = name[..dot];
            if (name[dot..].Equals(NextExtension, NameComparison)
                || name[dot..].Equals(UnfinishedExtension, NameComparison)
                || new RollingPath(log).Parse(name) is not null
                || Array.Exists(Enum.GetValues<RollInterval>(), interval => new RollingPath(log, interval).Parse(name) is not null))
            {
                yield return log;
            }
        }
    }

    private static long? NumberIn(ReadOnlySpan<char> digits) =>
        digits.Length is > 0 and <= MostDigits && digits[0] != '0' && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

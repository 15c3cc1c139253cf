using System.Text.RegularExpressions;

namespace QueueLog.Host.Prelude.Text;

/// <summary>A line that Select-String found.</summary>
public sealed record LineMatch(string Line, string Path, int LineNumber, string? Pattern, Match[] Matches)
{
    public string Filename => System.IO.Path.GetFileName(Path);

    public override string ToString() => Path == "InputStream" ? Line : $"{Path}:{LineNumber}:{Line}";
}

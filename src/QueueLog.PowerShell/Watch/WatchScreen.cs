using System.Text;

namespace QueueLog.PowerShell.Watch;

/// <summary>The whole of a terminal, as long as this object lives; then it is as it was before.</summary>
internal sealed class WatchScreen : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l\e[2J";
    private const string Leave = "\e[0m\e[?25h\e[?1049l";

    private string[] shown = [];
    private (int Width, int Height) size;

    public WatchScreen() => Write(Enter);

    public static (int Width, int Height) Size => (Math.Max(20, Console.WindowWidth), Math.Max(5, Console.WindowHeight));

    /// <summary>Shows lines, of which only those are written that have changed.</summary>
    public void Show(IReadOnlyList<string> lines)
    {
        var text = new StringBuilder();
        if (size != Size)
        {
            size = Size;
            shown = [];
            text.Append("\e[0m\e[2J");
        }

        for (var i = 0; i < lines.Count; i++)
        {
            if (i >= shown.Length || shown[i] != lines[i])
            {
                text.Append("\e[").Append(i + 1).Append(";1H").Append(lines[i]).Append("\e[0m\e[K");
            }
        }

        shown = [.. lines];
        if (text.Length > 0)
        {
            Write(text.ToString());
        }
    }

    public void Dispose() => Write(Leave);

    private static void Write(string text)
    {
        Console.Out.Write(text);
        Console.Out.Flush();
    }
}

using System.Management.Automation.Host;

namespace QueueLog.Host.Terminal;

/// <summary>The measures of the terminal, or of a wide page where there is none. Nothing here draws.</summary>
internal sealed class ConsoleScreen : PSHostRawUserInterface
{
    public const ConsoleColor Background = ConsoleColor.Black;
    private static readonly Size Page = new(120, 50);

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;
    public override ConsoleColor BackgroundColor { get; set; } = Background;
    public override Coordinates CursorPosition { get; set; }
    public override Coordinates WindowPosition { get; set; }
    public override int CursorSize { get; set; } = 25;
    public override Size BufferSize { get => Measure(); set => _ = value; }
    public override Size WindowSize { get => Measure(); set => _ = value; }
    public override Size MaxWindowSize => Measure();
    public override Size MaxPhysicalWindowSize => Measure();
    public override string WindowTitle { get; set; } = string.Empty;
    public override bool KeyAvailable => !Console.IsInputRedirected && Console.KeyAvailable;

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        var key = Console.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, default, keyDown: true);
    }

    public override void FlushInputBuffer()
    {
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents)
    {
    }

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        if (!Console.IsOutputRedirected)
        {
            Console.Clear();
        }
    }

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
    {
    }

    private static Size Measure() =>
        Console.IsOutputRedirected || Console.WindowWidth <= 0 ? Page : new Size(Console.WindowWidth, Console.WindowHeight);
}

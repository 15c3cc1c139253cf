using System.Management.Automation;
using System.Management.Automation.Host;

namespace QueueLog.PowerShell.Worker;

/// <summary>A worker has no screen, but colors: Write-Host asks for the one it was not given, and forgets both where there is no answer.</summary>
internal sealed class WorkerRawUI : PSHostRawUserInterface
{
    // None of the names, and none on the way back: the session's host uses its own.
    private const ConsoleColor None = (ConsoleColor)(-1);

    public override ConsoleColor ForegroundColor
    {
        get => None;
        set => throw NoScreen();
    }

    public override ConsoleColor BackgroundColor
    {
        get => None;
        set => throw NoScreen();
    }

    public override Size BufferSize
    {
        get => throw NoScreen();
        set => throw NoScreen();
    }

    public override Coordinates CursorPosition
    {
        get => throw NoScreen();
        set => throw NoScreen();
    }

    public override int CursorSize
    {
        get => throw NoScreen();
        set => throw NoScreen();
    }

    public override bool KeyAvailable => throw NoScreen();

    public override Size MaxPhysicalWindowSize => throw NoScreen();

    public override Size MaxWindowSize => throw NoScreen();

    public override Coordinates WindowPosition
    {
        get => throw NoScreen();
        set => throw NoScreen();
    }

    public override Size WindowSize
    {
        get => throw NoScreen();
        set => throw NoScreen();
    }

    public override string WindowTitle
    {
        get => throw NoScreen();
        set => throw NoScreen();
    }

    public override void FlushInputBuffer() => throw NoScreen();

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NoScreen();

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw NoScreen();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw NoScreen();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NoScreen();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NoScreen();

    // The engine's own words for a host without a screen.
    private static HostException NoScreen() => new("A pool worker has no screen.", null, "HostFunctionNotImplemented", ErrorCategory.NotImplemented);
}

using System.Management.Automation;
using QueueLog.PowerShell.Engine;

namespace QueueLog.PowerShell.Session;

/// <summary>Where the session was at one moment: its location, those of the other drives, and the stacks of Push-Location.</summary>
internal sealed class SavedLocation
{
    private readonly SessionState session;
    private readonly EngineState? engine;
    private readonly PathInfo location;
    private readonly (PSDriveInfo Drive, string Location)[] drives;
    private readonly (string Name, PathInfo[] Pushed)[] stacks;
    private readonly PSVariable? marker;
    private object? mark;

    /// <param name="session">The worker's session.</param>
    /// <param name="engine">The inside of it, if that is known.</param>
    /// <param name="known">Its drives: finding them takes the engine long, for it looks for new disks.</param>
    public SavedLocation(SessionState session, EngineState? engine, PSDriveInfo[] known)
    {
        this.session = session;
        this.engine = engine;
        location = session.Path.CurrentLocation;
        drives = Array.ConvertAll(known, static drive => (drive, drive.CurrentLocation));
        stacks = engine is null or { LocationStacks.Count: 0 } ? [] : [.. engine.LocationStacks.Select(static stack => (stack.Key, stack.Value.ToArray()))];

        // Every change of the location, on whatever drive, gives this variable a new value.
        marker = engine?.GlobalVariables.TryGetValue("PWD", out var found) == true ? found : null;
        mark = marker is null ? null : EngineState.ValueOf(marker);
    }

    private bool IsMoved => marker is null
        ? session.Path.CurrentLocation.Path != location.Path
        : !ReferenceEquals(EngineState.ValueOf(marker), mark) || EngineState.WasRemoved(marker);

    // A stack that shrinks moves the session.
    private bool IsPushed
    {
        get
        {
            if (engine is null)
            {
                return false;
            }

            var now = engine.LocationStacks;
            if (now.Count != stacks.Length)
            {
                return true;
            }

            foreach (var (name, pushed) in stacks)
            {
                if (!now.TryGetValue(name, out var stack) || stack.Count != pushed.Length)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public void Restore()
    {
        var isMoved = IsMoved;
        if (!isMoved && !IsPushed)
        {
            return;
        }

        if (engine is not null)
        {
            engine.LocationStacks.Clear();
            foreach (var (name, pushed) in stacks)
            {
                engine.LocationStacks[name] = new Stack<PathInfo>(Enumerable.Reverse(pushed));
            }
        }

        if (isMoved)
        {
            MoveBack();
        }
    }

    private void MoveBack()
    {
        foreach (var (drive, before) in drives)
        {
            if (drive.CurrentLocation != before)
            {
                drive.CurrentLocation = before;
            }
        }

        try
        {
            session.Path.SetLocation(WildcardPattern.Escape(location.Path));
            mark = marker is null ? null : EngineState.ValueOf(marker);
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderInvocationException)
        {
            // The item has removed it; the next one may find that it is there again.
        }
    }
}

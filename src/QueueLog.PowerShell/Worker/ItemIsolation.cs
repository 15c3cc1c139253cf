using System.Management.Automation;
using QueueLog.PowerShell.Engine;

namespace QueueLog.PowerShell.Worker;

/// <summary>
/// What an item must not leave to the next one, nor a call of a warm pool to the next call: saves the session where a definition
/// begins and where it is loaded, and goes back to that.
/// </summary>
internal sealed class ItemIsolation(SessionState session, EngineState? engine)
{
    // As the pool's own preparation left the session, and as the present definition did.
    private SavedSession? beforeCalls;
    private SavedSession? beforeItems;

    // Finding them takes the engine long, so they are kept until something may have made others.
    private PSDriveInfo[]? drives;

    // The scope of the script that calls the block is an item's -Scope 1: all items of a pipeline share it. Null where the block
    // is called without that script.
    private IDictionary<string, PSVariable>? middleVariables;
    private int middleCount;

    /// <summary>Whether a definition was loaded: there is a state that its items begin with.</summary>
    public bool IsLoaded => beforeItems is not null;

    /// <summary>The last exit code of a program that the item under way has run; null for none.</summary>
    public int? ExitCode => beforeItems?.ExitCode;

    /// <summary>Begins with a definition. What prepares a warm pool begins with the session as it is, each call where that preparation ended.</summary>
    /// <param name="isCall">Whether it is a call, and not the preparation.</param>
    /// <param name="undo">Takes back what the call before has loaded.</param>
    public void BeginDefinition(bool isCall, Action undo)
    {
        beforeItems = null;
        if (!isCall)
        {
            return;
        }

        if (beforeCalls is null)
        {
            beforeCalls = Save();
            return;
        }

        undo();
        beforeCalls.Restore();
    }

    /// <summary>Ends with the loading of a definition.</summary>
    /// <param name="isCall">As above.</param>
    /// <param name="ranScripts">Whether scripts or modules had their part in it: they may have made drives.</param>
    public void EndDefinition(bool isCall, bool ranScripts)
    {
        if (ranScripts)
        {
            drives = null;
        }

        if (isCall)
        {
            beforeItems = Save();
        }
        else
        {
            beforeCalls = Save();
        }
    }

    /// <summary>Ends with all definitions: goes back to how the preparation left the session, or the one definition there was.</summary>
    /// <param name="isPrepared">Whether there was a preparation.</param>
    /// <param name="undo">Takes back what the call before has loaded.</param>
    public void End(bool isPrepared, Action undo)
    {
        if (isPrepared)
        {
            undo();
            beforeCalls?.Restore();
        }
        else
        {
            beforeItems?.Restore();
        }
    }

    /// <summary>Begins with a pipeline: it says itself which scope is in its middle, if there is one.</summary>
    public void BeginPipeline() => middleVariables = null;

    /// <summary>Takes note of the scope in the middle of a pipeline. Called in that scope, before the first item.</summary>
    public void SaveMiddle()
    {
        middleVariables = engine?.CurrentVariables;
        middleCount = middleVariables?.Count ?? 0;
    }

    /// <summary>Goes back to how the session was before the first item.</summary>
    public void Restore()
    {
        beforeItems?.Restore();
        if (middleVariables is not null && middleVariables.Count != middleCount)
        {
            foreach (var name in middleVariables.Keys.Skip(middleCount).ToArray())
            {
                middleVariables.Remove(name);
            }
        }
    }

    private SavedSession Save() => new(session, engine, drives ??= [.. session.Drive.GetAll()]);
}

using System.Management.Automation.Runspaces;
using QueueLog.Client;
using QueueLog.Diagnostics;
using QueueLog.Listener;
using QueueLog.PowerShell.Engine;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.PowerShell.Logging;

/// <summary>The listeners of this process. A runspace that ends takes only its own with it.</summary>
internal static class ModuleState
{
    private static readonly object Gate = new();
    private static readonly List<OwnedListener> Listeners = [];

    // What QUEUELOG_PIPE held before this process started a listener: a parent's, perhaps.
    private static string? inheritedAddress;

    static ModuleState()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAll(owner: null);
    }

    /// <summary>How workers of the pools of this process ended, for its listeners.</summary>
    public static KnownExits Exits { get; } = new();

    /// <summary>Running listeners, oldest first.</summary>
    public static LogListener[] Running
    {
        get
        {
            lock (Gate)
            {
                return [.. Listeners.Select(owned => owned.Listener)];
            }
        }
    }

    /// <summary>The listener this session's records go to by default, if it is one of this process.</summary>
    public static LogListener? Default
    {
        get
        {
            var address = ClientRegistry.DefaultAddress;
            return Array.FindLast(Running, listener => listener.Address == address);
        }
    }

    /// <summary>Makes a listener the session's default, inherited by every child process from now on.</summary>
    /// <param name="listener">The listener; one that was added before is the default again.</param>
    /// <param name="options">What it was started with.</param>
    public static void Add(LogListener listener, ListenerOptions options)
    {
        var owner = Runspace.DefaultRunspace;
        lock (Gate)
        {
            if (Listeners.RemoveAll(owned => owned.Listener == listener) == 0 && Listeners.Count == 0)
            {
                inheritedAddress = ClientRegistry.DefaultAddress;
            }

            Listeners.Add(new OwnedListener(listener, options, owner?.InstanceId));
        }

        if (owner is not null)
        {
            // The engine removes no modules when a runspace closes, such as that of a finished thread job.
            owner.StateChanged -= StopWithOwner;
            owner.StateChanged += StopWithOwner;
        }

        ClientRegistry.Forget(listener.Address);
        ModulePath.LetChildrenFindModule();
        Environment.SetEnvironmentVariable(ClientRegistry.AddressVariable, listener.Address);
    }

    /// <summary>The file of a listener of this process.</summary>
    /// <param name="address">Its address; null for the session's default.</param>
    /// <returns>Null where there is no such listener, or it has no file.</returns>
    public static string? LogPath(string? address)
    {
        lock (Gate)
        {
            return (address is null ? Listeners.LastOrDefault() : Listeners.Find(owned => owned.Listener.Address == address))?.Options.File?.Path;
        }
    }

    /// <summary>The running listener whose name or file another one with these options would need, and whether it was started with the same.</summary>
    public static (LogListener Listener, bool IsSame)? FindRival(ListenerOptions options)
    {
        lock (Gate)
        {
            return Listeners.Find(owned => owned.Listener.Name == options.Name || IsSameFile(owned.Options.File, options.File)) is { } found
                ? (found.Listener, IsSame(found.Options, options))
                : null;
        }
    }

    /// <summary>Called when a listener has begun to stop: the one started before it is the default again.</summary>
    public static void Remove(LogListener listener)
    {
        lock (Gate)
        {
            Listeners.RemoveAll(owned => owned.Listener == listener);
            if (ClientRegistry.DefaultAddress == listener.Address)
            {
                Environment.SetEnvironmentVariable(ClientRegistry.AddressVariable, Listeners.Count > 0 ? Listeners[^1].Listener.Address : inheritedAddress);
            }
        }
    }

    /// <summary>Stops the listeners a runspace started, or all of them.</summary>
    public static void StopAll(Guid? owner)
    {
        OwnedListener[] stopping;
        lock (Gate)
        {
            stopping = [.. Listeners.Where(owned => owner is null || owned.Owner == owner)];
        }

        Task.WhenAll(stopping.Select(owned =>
        {
            Remove(owned.Listener);
            return owned.Listener.StopAsync(TimeSpan.FromSeconds(10));
        })).GetAwaiter().GetResult();
    }

    // The same file may be reached by several paths, and each description has a screen and sinks of its own.
    private static bool IsSame(ListenerOptions one, ListenerOptions other)
    {
        var file = IsSameFile(one.File, other.File) ? one.File! with { Path = other.File!.Path } : one.File;
        return one with { File = file, Screen = other.Screen, Sinks = other.Sinks } == other
            && one.Sinks.Count == other.Sinks.Count
            && one.Sinks.Zip(other.Sinks).All(static pair => pair.First.IsSame(pair.Second));
    }

    private static bool IsSameFile(RollingFileOptions? one, RollingFileOptions? other) =>
        one is not null && other is not null && string.Equals(RealPath.Of(one.Path), RealPath.Of(other.Path), RollingPath.NameComparison);

    private static void StopWithOwner(object? sender, RunspaceStateEventArgs change)
    {
        if (sender is Runspace owner && change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken)
        {
            owner.StateChanged -= StopWithOwner;
            StopAll(owner.InstanceId);
        }
    }

    private sealed record OwnedListener(LogListener Listener, ListenerOptions Options, Guid? Owner);
}

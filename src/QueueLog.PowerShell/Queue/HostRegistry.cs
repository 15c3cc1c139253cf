using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Queue.Hosts;

namespace QueueLog.PowerShell.Queue;

/// <summary>The living hosts of this process. A runspace that ends takes only its own with it.</summary>
internal static class HostRegistry
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<HostAgent, Guid?> Hosts = new();

    static HostRegistry() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => StopAll(owner: null);

    /// <summary>The living ones whose names match, by name.</summary>
    public static IReadOnlyList<HostAgent> Matching(string name)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        return [.. Hosts.Keys.Where(host => !host.Completion.IsCompleted && pattern.IsMatch(host.Entry.Host)).OrderBy(static host => host.Entry.Host, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Enters a host until it has ended.</summary>
    public static void Add(HostAgent host)
    {
        Hosts[host] = Runspace.DefaultRunspace?.InstanceId;
        host.Completion.ContinueWith(_ => Hosts.TryRemove(host, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends the hosts that a runspace started, or all of them, and waits a moment for their workers to be gone.</summary>
    public static void StopAll(Guid? owner) =>
        Task.WhenAll(Hosts.Where(host => owner is null || host.Value == owner).Select(static host => host.Key.StopAsync(TimeSpan.Zero))).Wait(EndTimeout);
}

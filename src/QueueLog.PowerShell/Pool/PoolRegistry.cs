using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Pool;

namespace QueueLog.PowerShell.Pool;

/// <summary>The living pools of this process. A runspace that ends takes only its own with it.</summary>
internal static class PoolRegistry
{
    private const string Prefix = "Pool";

    private static readonly ConcurrentDictionary<string, OwnedPool> Pools = new(StringComparer.OrdinalIgnoreCase);

    // Names that users chose; those of this class are told by their numbers.
    private static readonly ConcurrentDictionary<string, bool> Ended = new(StringComparer.OrdinalIgnoreCase);
    private static int lastNumber;

    /// <summary>A name no one has chosen: Pool1 and so on.</summary>
    public static string NextName()
    {
        string name;
        do
        {
            name = Prefix + Interlocked.Increment(ref lastNumber).ToString(CultureInfo.InvariantCulture);
        }
        while (Pools.ContainsKey(name));
        return name;
    }

    public static IItemPool? Find(string name) => Pools.TryGetValue(name, out var owned) && !owned.Pool.Completion.IsCompleted ? owned.Pool : null;

    /// <summary>Whether a pool had the name that has ended.</summary>
    public static bool HasEnded(string name) => IsNumbered(name) || Ended.ContainsKey(name) || (Pools.TryGetValue(name, out var owned) && owned.Pool.Completion.IsCompleted);

    /// <summary>The pools whose names match, by name.</summary>
    public static List<IItemPool> Matching(string name)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        var found = new List<IItemPool>();
        foreach (var owned in Pools.Values)
        {
            if (!owned.Pool.Completion.IsCompleted && pattern.IsMatch(owned.Pool.Name))
            {
                found.Add(owned.Pool);
            }
        }

        found.Sort(static (a, b) => string.Compare(a.Name, b.Name, StringComparison.OrdinalIgnoreCase));
        return found;
    }

    /// <summary>Enters a pool until its last process has ended.</summary>
    /// <returns>False when its name is taken.</returns>
    public static bool TryAdd(IItemPool pool)
    {
        var owned = new OwnedPool(pool, Runspace.DefaultRunspace?.InstanceId);
        if (!Pools.TryAdd(pool.Name, owned))
        {
            return false;
        }

        pool.Completion.ContinueWith(
            _ =>
            {
                if (!IsNumbered(pool.Name))
                {
                    Ended[pool.Name] = true;
                }

                Pools.TryRemove(new KeyValuePair<string, OwnedPool>(pool.Name, owned));
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return true;
    }

    /// <summary>Ends the pools a runspace started, at once, and waits a moment for their processes to be gone.</summary>
    public static void StopAll(Guid owner)
    {
        var ends = new List<Task>();
        foreach (var owned in Pools.Values)
        {
            if (owned.Owner == owner)
            {
                ends.Add(owned.Pool.KillAsync());
            }
        }

        Task.WhenAll(ends).Wait(TimeSpan.FromSeconds(10));
    }

    private static bool IsNumbered(string name) =>
        name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= Volatile.Read(ref lastNumber);

    private sealed record OwnedPool(IItemPool Pool, Guid? Owner);
}

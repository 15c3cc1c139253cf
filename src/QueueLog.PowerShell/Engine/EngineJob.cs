using System.Management.Automation;
using System.Management.Automation.Remoting.Internal;
using System.Reflection;

namespace QueueLog.PowerShell.Engine;

/// <summary>The collections of a job, made as public ways do not allow it.</summary>
internal static class EngineJob
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>A collection over a list of one's own.</summary>
    /// <returns>Null when the engine is built otherwise.</returns>
    public static PSDataCollection<T>? Over<T>(IList<T> records) =>
        typeof(PSDataCollection<T>).GetConstructor(Inside, [typeof(IList<T>)])?.Invoke([records]) as PSDataCollection<T>;

    /// <summary>
    /// Has Receive-Job read a job, which has not begun, from one collection, as it does with the engine's own jobs: only of that does it
    /// give the records of all streams in the order written. It passes over jobs of the kind <see cref="Job2"/>.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="records">What holds the records.</param>
    /// <returns>The collection to add to; null when the engine is built otherwise, and reads the job stream by stream.</returns>
    public static PSDataCollection<PSStreamObject>? ReadFrom(Job job, IList<PSStreamObject> records)
    {
        var results = typeof(Job).GetProperty("Results", Inside);
        var uses = typeof(Job).GetProperty("UsesResultsCollection", Inside);
        if (results?.PropertyType != typeof(PSDataCollection<PSStreamObject>) || uses?.PropertyType != typeof(bool) || Over(records) is not { } collection)
        {
            return null;
        }

        results.SetValue(job, collection);
        uses.SetValue(job, true);
        return collection;
    }
}

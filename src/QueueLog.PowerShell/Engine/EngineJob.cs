using System.Management.Automation;
using System.Management.Automation.Remoting.Internal;
using System.Reflection;

namespace QueueLog.PowerShell.Engine;

/// <summary>
/// The collection that the engine's own jobs have beside their streams, with the records of all streams in the order written. Only of it
/// does Receive-Job give them in that order. It cannot be had in public ways.
/// </summary>
internal static class EngineJob
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Has Receive-Job read a job, which has not begun, from one collection; it passes over jobs of the kind <see cref="Job2"/>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="records">What holds the records.</param>
    /// <returns>The collection to add to; null when the engine is built otherwise, and reads the job stream by stream.</returns>
    public static PSDataCollection<PSStreamObject>? ReadFrom(Job job, IList<PSStreamObject> records)
    {
        var results = typeof(Job).GetProperty("Results", Inside);
        var uses = typeof(Job).GetProperty("UsesResultsCollection", Inside);
        var create = typeof(PSDataCollection<PSStreamObject>).GetConstructor(Inside, [typeof(IList<PSStreamObject>)]);
        if (results?.PropertyType != typeof(PSDataCollection<PSStreamObject>) || uses?.PropertyType != typeof(bool) || create is null)
        {
            return null;
        }

        var collection = (PSDataCollection<PSStreamObject>)create.Invoke([records]);
        results.SetValue(job, collection);
        uses.SetValue(job, true);
        return collection;
    }
}

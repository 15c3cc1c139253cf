using System.Management.Automation;
using System.Text.Json;
using QueueLog.Pool.JobLog;
using QueueLog.PowerShell.Errors;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Pool;

/// <summary>The job log of a run: what was finished before, and a line for each item that is finished now.</summary>
/// <param name="file">The file; closed with this object.</param>
/// <param name="skips">What need not be run again.</param>
/// <param name="report">The report that is made from it at the end; null for none.</param>
internal sealed class ItemLog(JobLogFile file, ItemLogSkips skips, RunReportFile? report = null) : IDisposable
{
    private const int KeepCapacity = 1024 * 1024;

    // Read by a person as well, and by nothing that would take it for HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly InputKeys keys = new();
    private readonly ByteWriter line = new();
    private volatile bool isBroken;
    private int isDisposed;

    public RunReportFile? Report => report;

    /// <summary>Which input an item is. Called once for each, in their order, by who adds them.</summary>
    public InputKey KeyOf(WorkItem item) => keys.Next(InputHasher.Of(item.Payload));

    /// <summary>Whether an input need not be run again.</summary>
    public bool Skips(InputKey key) => skips != ItemLogSkips.None && file.History.Has(key, mustBeCompleted: skips == ItemLogSkips.Completed);

    /// <summary>Notes a finished item; what was stopped or never begun is none.</summary>
    /// <returns>The error that ends the log; null while there is none.</returns>
    public ErrorRecord? TryWrite(InputKey key, ItemResult result)
    {
        if (isBroken || result.Status is ItemStatus.Stopped or ItemStatus.Skipped)
        {
            return null;
        }

        Compose(key, result);
        try
        {
            file.Append(line.Written);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            isBroken = true;
            return PoolErrors.JobLogBroken(file.Path, result.Index, e);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0)
        {
            file.Dispose();
            report?.Write(file.Path);
        }
    }

    private void Compose(InputKey key, ItemResult result)
    {
        try
        {
            Compose(key, result, withValues: true);
        }
#pragma warning disable CA1031 // whatever a value of the user's throws, or who changes it meanwhile, its item is finished
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            Compose(key, result, withValues: false);
        }
    }

    private void Compose(InputKey key, ItemResult result, bool withValues)
    {
        line.Clear(KeepCapacity);
        using (var json = new Utf8JsonWriter(line, Options))
        {
            ResultJson.Write(json, key, result, withValues);
        }

        line.WriteByte((byte)'\n');
    }
}

/// <summary>What of a former run is not run again.</summary>
internal enum ItemLogSkips
{
    None,

    /// <summary>What it finished, well or not.</summary>
    Finished,

    /// <summary>What completed.</summary>
    Completed,
}

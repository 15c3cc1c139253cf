using QueueLog.Journal;
using QueueLog.Transport;

namespace QueueLog.Pool;

/// <summary>
/// Memory that a pool shares with its workers, for each how many items the process has begun, and when the last. A killed worker's
/// last messages may be lost with it, this is not, so an item is never run twice for being thought not begun. By the same count
/// the pool keeps a worker from beginning another item before it kills it for the one that it is at.
/// </summary>
internal sealed class SharedProgress : IDisposable
{
    // A cache line for each worker: neighbours on one line would slow each other down.
    private const int WorkerLength = 64;
    private const int StartAt = 8;
    private const long MarkedForKill = 1L << 62;

    private readonly MappedFile file;
    private readonly string path;

    private SharedProgress(MappedFile file, string path)
    {
        this.file = file;
        this.path = path;
    }

    private const string Extension = ".progress";

    /// <summary>The file beside a pool's address.</summary>
    public static string PathFor(string address) =>
        OperatingSystem.IsWindows() ? Path.Combine(StateFolder.Default, Path.GetFileName(address) + Extension) : address + Extension;

    /// <summary>The addresses of all pools of the user, and of some that were killed.</summary>
    public static string[] FindAddresses() => !Directory.Exists(StateFolder.Default) ? [] :
    [
        .. Directory.EnumerateFiles(StateFolder.Default, "*" + Extension).Select(static path =>
            OperatingSystem.IsWindows() ? PipeName.WindowsPrefix + Path.GetFileNameWithoutExtension(path) : path[..^Extension.Length]),
    ];

    /// <exception cref="JournalException">There is no room for it.</exception>
    public static SharedProgress Create(string address, int workers) => new(MappedFile.Create(PathFor(address), workers * WorkerLength), PathFor(address));

    /// <exception cref="JournalException">It is gone.</exception>
    public static SharedProgress Open(string address, int worker) => new(MappedFile.Open(PathFor(address), (worker + 1) * WorkerLength), PathFor(address));

    public long Read(int worker) => Volatile.Read(ref CountOf(worker)) & ~MarkedForKill;

    /// <summary>When the item under way was begun, in ticks of the system's monotonic clock, which all processes share; 0 for none.</summary>
    public long ReadStart(int worker) => Volatile.Read(ref StartOf(worker));

    /// <summary>Begins anew for another process.</summary>
    public void Clear(int worker)
    {
        End(worker);
        Volatile.Write(ref CountOf(worker), 0);
    }

    /// <summary>Counts items as begun. Called by the worker.</summary>
    /// <param name="worker">0-based number of the worker.</param>
    /// <param name="before">How many it had begun.</param>
    /// <param name="begun">How many it has.</param>
    /// <returns>False for a worker that is about to be killed: it must not begin anything.</returns>
    public bool TryCount(int worker, long before, long begun) => Interlocked.CompareExchange(ref CountOf(worker), begun, before) == before;

    /// <summary>Begins the next item. Called by the worker.</summary>
    /// <returns>As above.</returns>
    public bool TryBegin(int worker, long begun, long startedAt)
    {
        // The count last: who reads it first and the start then has never the start of an older item.
        Volatile.Write(ref StartOf(worker), startedAt);
        return TryCount(worker, begun - 1, begun);
    }

    /// <summary>Keeps a worker from beginning anything more, so that only what it is at can go down with it.</summary>
    /// <returns>False when it has begun more than <paramref name="begun"/> items meanwhile, or was marked for a kill before.</returns>
    public bool TryMarkForKill(int worker, long begun) => Interlocked.CompareExchange(ref CountOf(worker), begun | MarkedForKill, begun) == begun;

    public void End(int worker) => Volatile.Write(ref StartOf(worker), 0);

    /// <summary>Removes the file; the memory stays until it is disposed.</summary>
    public void Delete()
    {
        try
        {
            BusyFile.Retry(() => File.Delete(path));
        }
        catch (Exception e) when (BusyFile.IsBusy(e))
        {
            // The next pool that opens removes it.
        }
    }

    public void Dispose() => file.Dispose();

    private ref long CountOf(int worker) => ref file.Int64(worker * WorkerLength);

    private ref long StartOf(int worker) => ref file.Int64((worker * WorkerLength) + StartAt);
}

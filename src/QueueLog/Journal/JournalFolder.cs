using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using QueueLog.Diagnostics;
using QueueLog.Transport;

namespace QueueLog.Journal;

/// <summary>One log's journal, owned by its listener as long as this object is not disposed.</summary>
internal sealed class JournalFolder : IDisposable
{
    public const string OwnerFile = "owner.lock";
    private const string AddressFile = "address";
    private const string CheckpointFile = "checkpoint";

    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream owner;
    private readonly string stateFolder;

    private JournalFolder(string path, FileStream owner, string stateFolder)
    {
        Path = path;
        this.owner = owner;
        this.stateFolder = stateFolder;
        try
        {
            Checkpoint = Checkpoint.Open(System.IO.Path.Combine(path, CheckpointFile));
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public Checkpoint Checkpoint { get; }

    /// <summary>The rings in it.</summary>
    public IEnumerable<string> Rings => Directory.EnumerateFiles(Path, "*" + RingFiles.RingExtension);

    /// <summary>Takes a log's journal: a new one, or what dead listeners of the same log left.</summary>
    /// <param name="log">What names the log: its full path.</param>
    /// <param name="isShared">Whether it may have several listeners at a time, since its path has tokens.</param>
    /// <returns>The listener's own folder first; then others, to be emptied.</returns>
    /// <exception cref="UnauthorizedAccessException">The state folder is not the user's own.</exception>
    /// <exception cref="IOException">No folder can be made or used.</exception>
    public static IReadOnlyList<JournalFolder> Claim(string log, bool isShared = true) => Claim(log, isShared ? TimeSpan.Zero : LockTimeout);

    /// <summary>The same, with the time that a listener that is dying gets to give its folder up.</summary>
    // The system may give back the lock of a process that was killed a moment after its pipe.
    public static IReadOnlyList<JournalFolder> Claim(string log, TimeSpan timeout)
    {
        for (var limit = new WaitLimit(timeout); ; Thread.Sleep(LockPause))
        {
            if (TryClaim(log, makesAnother: limit.IsOver()) is { Count: > 0 } claimed)
            {
                return claimed;
            }
        }
    }

    /// <summary>Where the owner of a ring's journal listens now; null when nobody does.</summary>
    public static string? FindAddress(string ring)
    {
        try
        {
            return BusyFile.Read(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(ring)!, AddressFile));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Says where its owner listens, for writers that have lost their listener.</summary>
    public void Announce(string address) => BusyFile.Replace(System.IO.Path.Combine(Path, AddressFile), address);

    /// <summary>Whether a path is that of a ring in this folder.</summary>
    public bool Holds(string ring) =>
        string.Equals(System.IO.Path.GetDirectoryName(ring), Path, StringComparison.Ordinal) && ring.EndsWith(RingFiles.RingExtension, StringComparison.Ordinal)
        && !ring.AsSpan().ContainsAny(System.IO.Path.GetInvalidPathChars());

    /// <summary>Removes what writers left that died before their ring was whole, and what is left of a ring that was being removed.</summary>
    public void RemoveUnfinished()
    {
        foreach (var file in Directory.EnumerateFiles(Path, "*" + RingFiles.LockExtension))
        {
            var ring = System.IO.Path.ChangeExtension(file, RingFiles.RingExtension);
            if (file.EndsWith(OwnerFile, StringComparison.Ordinal) || File.Exists(ring))
            {
                continue;
            }

            using var taken = OwnerLock.TryAcquire(file);
            if (taken is not null && !File.Exists(ring))
            {
                RingFiles.TryDelete(RingFiles.UnfinishedOf(ring));
                RingFiles.Delete(ring);
            }
        }

        RingFiles.DeleteRemains(Path);
    }

    /// <summary>Gives the journal up; a folder without rings is removed, unless it says how far the log has the records of other machines.</summary>
    public void Dispose()
    {
        Checkpoint.Dispose();
        try
        {
            using (TakeOverLock.Enter(stateFolder))
            {
                RingFiles.TryDelete(System.IO.Path.Combine(Path, AddressFile));
                RemoveUnfinished();

                // First the lock, which is a file in it; nobody takes that without the lock that is held here.
                owner.Dispose();
                if (!Directory.EnumerateFiles(Path, "*" + RingFiles.RingExtension).Any() && !Directory.EnumerateFiles(Path, "*" + RingFiles.UnfinishedExtension).Any() && !Directory.EnumerateFiles(Path, "*" + FeedPosition.Extension).Any())
                {
                    BusyFile.Retry(() => Directory.Delete(Path, recursive: true));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next listener finds it.
        }
        finally
        {
            owner.Dispose();
        }
    }

    private static List<JournalFolder> TryClaim(string log, bool makesAnother)
    {
        var roots = JournalRoots.Ensure();
        var state = StateFolder.Ensure();
        var name = NameOf(log);
        var claimed = new List<JournalFolder>();
        try
        {
            // Under this lock no folder is made or removed.
            using (TakeOverLock.Enter(state))
            {
                var hasOthers = false;
                foreach (var root in roots)
                {
                    foreach (var left in FoldersOf(root, name))
                    {
                        hasOthers = true;
                        if (TryClaim(left, state) is { } folder)
                        {
                            claimed.Add(folder);
                        }
                    }

                    // Behind it, so that this log's own are held and stay: how their writers ended is still to be told.
                    AbandonedJournals.RemoveFrom(ParentOf(root));
                }

                return claimed.Count > 0 || (hasOthers && !makesAnother) ? claimed : [Make(roots, name, state)];
            }
        }
        catch
        {
            // Outside of the lock, which each of them takes.
            claimed.ForEach(folder => folder.Dispose());
            throw;
        }
    }

    private static string NameOf(string log)
    {
        var key = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? log.ToUpperInvariant() : log;
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..24].ToLowerInvariant();
    }

    // A log whose path has tokens may have several listeners at a time; each has a folder of its own.
    private static string[] FoldersOf(string root, string name)
    {
        var parent = ParentOf(root);
        return Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, name + "*").Order(StringComparer.Ordinal).ToArray() : [];
    }

    private static string ParentOf(string root) => System.IO.Path.Combine(root, "journal");

    private static JournalFolder? TryClaim(string path, string state) =>
        OwnerLock.TryAcquire(System.IO.Path.Combine(path, OwnerFile)) is { } owner ? new JournalFolder(path, owner, state) : null;

    private static JournalFolder Make(IReadOnlyList<string> roots, string name, string state)
    {
        foreach (var root in roots)
        {
            try
            {
                return Make(root, name, state);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && root != roots[^1])
            {
                // Full, perhaps: the next root may have room.
            }
        }

        throw new JournalException("No folder for a journal can be made.");
    }

    private static JournalFolder Make(string root, string name, string state)
    {
        for (var number = 1; ; number++)
        {
            var path = System.IO.Path.Combine(ParentOf(root), number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));
            if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(path);
                try
                {
                    return TryClaim(path, state) ?? throw new JournalException($"'{path}' was taken by another process.");
                }
                catch
                {
                    // Half made it would be found by the next listener, which could do no more with it.
                    RingFiles.TryDeleteFolder(path);
                    throw;
                }
            }
        }
    }
}

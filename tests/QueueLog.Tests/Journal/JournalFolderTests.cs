using System.Diagnostics;
using QueueLog.Journal;
using QueueLog.Tests.Support;
using ThreadState = System.Threading.ThreadState;

namespace QueueLog.Tests.Journal;

public sealed class JournalFolderTests
{
    private readonly string log = $"/logs/{Guid.NewGuid():N}.log";

    [Fact]
    public void A_log_gets_a_folder_of_its_own_that_is_removed_when_it_is_empty()
    {
        var folders = JournalFolder.Claim(log);
        var folder = Assert.Single(folders);
        Assert.True(File.Exists(Path.Combine(folder.Path, "checkpoint")));
        folder.Announce("/somewhere.sock");
        folder.Dispose();
        Assert.False(Directory.Exists(folder.Path));

        using var other = Assert.Single(JournalFolder.Claim(log + "2"));
        Assert.NotEqual(folder.Path, other.Path);
    }

    [Fact]
    public void While_its_owner_lives_another_gets_another_folder()
    {
        using var first = Assert.Single(JournalFolder.Claim(log));
        using var second = Assert.Single(JournalFolder.Claim(log));
        using var third = Assert.Single(JournalFolder.Claim(log));
        Assert.Equal(3, new[] { first.Path, second.Path, third.Path }.Distinct().Count());
    }

    [Fact]
    public void All_folders_that_the_dead_left_are_taken_and_those_of_the_living_are_not()
    {
        var first = Assert.Single(JournalFolder.Claim(log));
        var second = Assert.Single(JournalFolder.Claim(log));
        using var living = Assert.Single(JournalFolder.Claim(log));
        Leave(first);
        Leave(second);

        var taken = JournalFolder.Claim(log);
        Assert.Equal([first.Path, second.Path], taken.Select(folder => folder.Path).Order(StringComparer.Ordinal));
        Assert.All(taken, folder => Assert.Single(folder.Rings));
        foreach (var folder in taken)
        {
            folder.Rings.ToList().ForEach(RingFiles.Delete);
            folder.Dispose();
            Assert.False(Directory.Exists(folder.Path));
        }
    }

    [Fact]
    public void A_folder_with_a_ring_stays_for_the_next_listener_without_an_address()
    {
        var folder = Assert.Single(JournalFolder.Claim(log));
        using var ring = RingWriter.Create(folder.Path, TestRing.OwnerOf(1, 1), RingLayout.SmallestCapacity);
        folder.Announce("/here.sock");
        Assert.Equal("/here.sock", JournalFolder.FindAddress(ring.Path));
        folder.Announce("/there.sock");
        Assert.Equal("/there.sock", JournalFolder.FindAddress(ring.Path));
        folder.Dispose();
        Assert.True(File.Exists(ring.Path));
        Assert.Null(JournalFolder.FindAddress(ring.Path));

        var next = Assert.Single(JournalFolder.Claim(log));
        Assert.Equal(folder.Path, next.Path);

        // On Windows nobody can delete what a writer has mapped.
        ring.Dispose();
        RingFiles.Delete(ring.Path);
        next.Dispose();
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public async Task A_lock_that_a_dying_listener_has_for_a_moment_more_is_waited_for_where_a_log_has_one_listener()
    {
        var dying = Assert.Single(JournalFolder.Claim(log));
        IReadOnlyList<JournalFolder> taken = [];
        var next = new Thread(() => taken = JournalFolder.Claim(log, TestTimeout.Limit));
        next.Start();
        await Eventually.TrueAsync(() => next.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "it waits");
        Leave(dying);
        Assert.True(next.Join(TestTimeout.Limit));
        var folder = Assert.Single(taken);
        Assert.Equal(dying.Path, folder.Path);
        folder.Rings.ToList().ForEach(RingFiles.Delete);
        folder.Dispose();
    }

    [Fact]
    public void A_listener_that_lives_is_not_waited_for_long()
    {
        using var first = Assert.Single(JournalFolder.Claim(log));
        var since = Stopwatch.GetTimestamp();
        using var second = Assert.Single(JournalFolder.Claim(log, isShared: false));
        Assert.True(Stopwatch.GetElapsedTime(since) > TimeSpan.FromMilliseconds(500), "It was not waited for at all.");
        Assert.NotEqual(first.Path, second.Path);
    }

    [Fact]
    public void A_ring_that_is_removed_while_its_writer_has_it_is_out_of_the_way_at_once_and_gone_with_its_writer()
    {
        var folder = Assert.Single(JournalFolder.Claim(log));
        var ring = RingWriter.Create(folder.Path, TestRing.OwnerOf(1, 1), RingLayout.SmallestCapacity);
        RingFiles.Delete(ring.Path);
        Assert.False(File.Exists(ring.Path));
        Assert.Empty(folder.Rings);
        ring.Dispose();
        RingFiles.DeleteRemains(folder.Path);
        Assert.Equal(["checkpoint", "owner.lock"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        folder.Dispose();
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void A_ring_that_is_being_made_keeps_the_folder()
    {
        var folder = Assert.Single(JournalFolder.Claim(log));
        var draft = Path.Combine(folder.Path, "1-2.draft");
        File.WriteAllText(draft, "");
        folder.Dispose();
        Assert.True(Directory.Exists(folder.Path));
        File.Delete(draft);
        Assert.Single(JournalFolder.Claim(log)).Dispose();
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void Leftovers_of_rings_that_were_never_whole_are_removed_and_those_being_made_are_not()
    {
        var folder = Assert.Single(JournalFolder.Claim(log));
        using var whole = RingWriter.Create(folder.Path, TestRing.OwnerOf(1, 1), RingLayout.SmallestCapacity);
        using var beingMade = OwnerLock.TryAcquire(Path.Combine(folder.Path, "3-3.lock"));
        File.WriteAllText(Path.Combine(folder.Path, "3-3.draft"), "");
        File.WriteAllText(Path.Combine(folder.Path, "2-2.lock"), "");
        File.WriteAllText(Path.Combine(folder.Path, "2-2.draft"), "");
        folder.RemoveUnfinished();

        Assert.True(File.Exists(whole.Path));
        Assert.True(File.Exists(RingFiles.LockOf(whole.Path)));
        Assert.True(File.Exists(Path.Combine(folder.Path, "3-3.draft")));
        Assert.True(File.Exists(Path.Combine(folder.Path, "3-3.lock")));
        Assert.False(File.Exists(Path.Combine(folder.Path, "2-2.draft")));
        Assert.False(File.Exists(Path.Combine(folder.Path, "2-2.lock")));
        Assert.True(File.Exists(Path.Combine(folder.Path, "owner.lock")));
        RingFiles.Delete(whole.Path);
        File.Delete(Path.Combine(folder.Path, "3-3.draft"));
        folder.Dispose();
    }

    [Fact]
    public void What_a_removal_that_was_cut_short_left_of_a_ring_is_removed()
    {
        using var folder = Assert.Single(JournalFolder.Claim(log));
        File.WriteAllText(Path.Combine(folder.Path, "2-2.lock"), "");
        File.WriteAllText(Path.Combine(folder.Path, "2-2-1.large"), "");
        File.WriteAllText(Path.Combine(folder.Path, "2-2-2.large"), "");
        folder.RemoveUnfinished();
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "2-2*"));
    }

    [Fact]
    public void Only_a_ring_in_the_folder_itself_is_held()
    {
        using var folder = Assert.Single(JournalFolder.Claim(log));
        Assert.True(folder.Holds(Path.Combine(folder.Path, "1-2.ring")));
        Assert.False(folder.Holds(Path.Combine(folder.Path, "checkpoint")));
        Assert.False(folder.Holds(Path.Combine(folder.Path, "sub", "1-2.ring")));
        Assert.False(folder.Holds(Path.Combine(folder.Path, "..", "1-2.ring")));
        Assert.False(folder.Holds(folder.Path + "-2/1-2.ring"));
        Assert.False(folder.Holds("/etc/passwd"));
        Assert.False(folder.Holds("1-2.ring"));
        Assert.False(folder.Holds(""));
        Assert.False(folder.Holds(Path.Combine(folder.Path, "\0.ring")));
    }

    [Fact]
    public void A_folder_that_cannot_be_used_gives_an_error_and_the_others_of_the_log_back()
    {
        var first = Assert.Single(JournalFolder.Claim(log));
        var second = Assert.Single(JournalFolder.Claim(log));
        Leave(first);
        Leave(second);
        var checkpoint = Path.Combine(second.Path, "checkpoint");
        File.Delete(checkpoint);
        Directory.CreateDirectory(checkpoint);
        Assert.Throws<JournalException>(() => JournalFolder.Claim(log));

        Directory.Delete(checkpoint);
        var taken = JournalFolder.Claim(log);
        Assert.Equal(2, taken.Count);
        Assert.All(taken, folder => Assert.Single(folder.Rings));
        foreach (var folder in taken)
        {
            folder.Rings.ToList().ForEach(RingFiles.Delete);
            folder.Dispose();
        }
    }

    [Fact]
    public void A_journal_that_holds_nothing_and_is_nobodys_is_removed_by_the_next_listener_on_any_log()
    {
        var empty = Assert.Single(JournalFolder.Claim(log));
        using var writer = RingWriter.Create(empty.Path, TestRing.OwnerOf(1, 1), RingLayout.SmallestCapacity);
        empty.Dispose();
        var full = Assert.Single(JournalFolder.Claim(log + "2"));
        Leave(full);

        Assert.Single(JournalFolder.Claim(log + "3")).Dispose();
        Assert.True(Directory.Exists(empty.Path));
        Assert.True(Directory.Exists(full.Path));

        writer.Close();
        writer.Dispose();
        Assert.Single(JournalFolder.Claim(log + "3")).Dispose();
        Assert.False(Directory.Exists(empty.Path));
        Assert.True(Directory.Exists(full.Path));

        var taken = Assert.Single(JournalFolder.Claim(log + "2"));
        taken.Rings.ToList().ForEach(RingFiles.Delete);
        taken.Dispose();
    }

    [Fact]
    public void A_journal_whose_writer_died_stays_for_a_week_so_that_its_log_can_tell()
    {
        var folder = Assert.Single(JournalFolder.Claim(log));
        var writer = RingWriter.Create(folder.Path, TestRing.OwnerOf(1, 1), RingLayout.SmallestCapacity);
        folder.Dispose();
        writer.Dispose();
        File.SetLastWriteTimeUtc(writer.Path, DateTime.UtcNow.AddDays(-6.9));
        Assert.Single(JournalFolder.Claim(log + "2")).Dispose();
        Assert.True(Directory.Exists(folder.Path));

        File.SetLastWriteTimeUtc(writer.Path, DateTime.UtcNow.AddDays(-7.1));
        Assert.Single(JournalFolder.Claim(log + "2")).Dispose();
        Assert.False(Directory.Exists(folder.Path));
    }

    // As a listener that is killed: with a ring in it that holds something, and without cleaning up.
    private static void Leave(JournalFolder folder)
    {
        using var ring = RingWriter.Create(folder.Path, TestRing.OwnerOf(1, 1), RingLayout.SmallestCapacity);
        ring.TryAppend(Encoded.Record("left"));
        folder.Dispose();
    }
}

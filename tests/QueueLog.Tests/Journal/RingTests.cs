using System.Runtime.Versioning;
using QueueLog.Journal;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Journal;

public sealed class RingTests
{
    private const int Capacity = RingLayout.SmallestCapacity;

    [Fact]
    public void Records_come_out_as_they_went_in_and_are_numbered()
    {
        using var ring = new TestRing(lastSequence: 41);
        Assert.False(ring.Reader.HasMore);
        Assert.True(ring.TryAppend("one"));
        Assert.True(ring.TryAppend("zwei ä"));
        Assert.True(ring.Reader.HasMore);

        Assert.True(ring.Reader.TryRead(out var first));
        Assert.Equal((42, "one"), Encoded.Read(first));
        Assert.True(ring.Reader.TryRead(out var second));
        Assert.Equal((43, "zwei ä"), Encoded.Read(second));
        Assert.False(ring.Reader.TryRead(out _));
        Assert.Equal(43, ring.Writer.LastSequence);
        Assert.Equal(41, ring.Writer.WrittenSequence);
        Assert.False(ring.Writer.IsDrained);

        ring.Reader.Commit(ring.Reader.Position, 43);
        Assert.Equal(43, ring.Writer.WrittenSequence);
        Assert.True(ring.Writer.IsDrained);
    }

    [Fact]
    public void Records_of_every_length_survive_many_times_around_the_ring()
    {
        using var ring = new TestRing();
        for (var i = 0; i < 2000; i++)
        {
            var bytes = 25 + i * 37 % 900;
            var record = Encoded.Record($"{i} ".PadRight(bytes - 25, 'x'));
            Assert.True(ring.Writer.TryAppend(record));
            Assert.True(ring.Reader.TryRead(out var read));
            RecordCodec.SetSequence(record, i + 1);
            Assert.Equal(record, read.ToArray());
            ring.CommitAll();
        }

        Assert.True(ring.Reader.Head > 100 * Capacity);
    }

    [Fact]
    public void What_is_read_and_not_committed_is_read_again_by_the_next_reader()
    {
        using var ring = new TestRing();
        ring.TryAppend("one");
        ring.TryAppend("two");
        Assert.True(ring.Reader.TryRead(out _));
        ring.Reader.Commit(ring.Reader.Position, 1);
        Assert.True(ring.Reader.TryRead(out _));

        using var next = RingReader.Open(ring.Writer.Path);
        Assert.Equal(1, next.HeadSequence);
        Assert.True(next.TryRead(out var record));
        Assert.Equal((2, "two"), Encoded.Read(record));
        Assert.False(next.TryRead(out _));
    }

    [Fact]
    public void A_record_that_does_not_fit_before_the_end_begins_at_the_start_and_the_rest_is_skipped()
    {
        using var ring = new TestRing();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(ring.Writer.TryAppend(Encoded.RecordOf(1024, $"{i}")));
        }

        Assert.True(ring.Writer.TryAppend(Encoded.RecordOf(512, "3")));
        Assert.Equal(4, ring.ReadAll().Count);
        ring.CommitAll();

        Assert.True(ring.Writer.TryAppend(Encoded.RecordOf(1024, "around")));
        Assert.Equal(Capacity + 1024, ring.Reader.Tail);
        Assert.StartsWith("around", Assert.Single(ring.ReadAll()));
        Assert.Equal(Capacity + 1024, ring.Reader.Position);
        ring.CommitAll();
        Assert.True(ring.Writer.IsDrained);
    }

    [Fact]
    public void A_record_that_fits_exactly_before_the_end_leaves_nothing_to_skip()
    {
        using var ring = new TestRing();
        for (var i = 0; i < 4; i++)
        {
            Assert.True(ring.Writer.TryAppend(Encoded.RecordOf(1024, $"{i}")));
        }

        Assert.Equal(Capacity, ring.Reader.Tail);
        Assert.False(ring.TryAppend(""));
        Assert.Equal(4, ring.ReadAll().Count);
        ring.CommitAll();
        Assert.True(ring.TryAppend("next"));
        Assert.Equal(["next"], ring.ReadAll());
    }

    [Fact]
    public void A_full_ring_takes_nothing_and_numbers_nothing_until_the_head_moves()
    {
        using var ring = new TestRing();
        var count = ring.Fill();
        Assert.Equal(count, ring.Writer.LastSequence);
        Assert.True(ring.Reader.TryRead(out _));

        // Read is not written: only a commit gives room.
        Assert.False(ring.TryAppend("no room"));
        ring.Reader.Commit(ring.Reader.Position, 1);
        Assert.True(ring.TryAppend("room"));
        Assert.Equal(count + 1, ring.Writer.LastSequence);
        var rest = ring.ReadAll();
        Assert.Equal(count, rest.Count);
        Assert.Equal("room", rest[^1]);
    }

    [Fact]
    public void Where_the_end_must_be_skipped_its_bytes_count_as_taken()
    {
        using var ring = new TestRing();
        Assert.True(ring.Writer.TryAppend(Encoded.RecordOf(1024)));
        Assert.True(ring.Writer.TryAppend(Encoded.RecordOf(1024)));
        Assert.True(ring.Writer.TryAppend(Encoded.RecordOf(1024)));
        Assert.True(ring.Writer.TryAppend(Encoded.RecordOf(512)));
        Assert.True(ring.Reader.TryRead(out _));
        ring.Reader.Commit(ring.Reader.Position, 1);

        // 512 bytes before the end and 1024 at the start are free, and a record needs one piece.
        Assert.True(ring.Writer.TryAppend(Encoded.RecordOf(1024)));
        Assert.False(ring.TryAppend(""));
        Assert.Equal(4, ring.ReadAll().Count);
    }

    [Fact]
    public void A_long_record_lies_in_a_file_of_its_own_until_it_is_committed()
    {
        using var ring = new TestRing();
        var message = new string('l', 3 * Capacity);
        Assert.True(ring.TryAppend("before"));
        Assert.True(ring.TryAppend(message));
        Assert.True(ring.TryAppend("after"));
        Assert.Single(ring.Files, file => file.EndsWith(RingFiles.LargeExtension, StringComparison.Ordinal));

        Assert.True(ring.Reader.TryRead(out _));
        var beforeLarge = ring.Reader.Position;
        Assert.True(ring.Reader.TryRead(out var large));
        Assert.Equal((2, message), Encoded.Read(large));
        Assert.Equal(["after"], ring.ReadAll());

        ring.Reader.Commit(beforeLarge, 1);
        Assert.Single(ring.Files, file => file.EndsWith(RingFiles.LargeExtension, StringComparison.Ordinal));
        ring.CommitAll();
        Assert.DoesNotContain(ring.Files, file => file.EndsWith(RingFiles.LargeExtension, StringComparison.Ordinal));
    }

    [Fact]
    public void Long_records_that_wait_have_files_of_their_own_each()
    {
        using var ring = new TestRing();
        string[] messages = [.. Enumerable.Range(0, 5).Select(i => $"{i}".PadRight(2000 + i))];
        Assert.All(messages, message => Assert.True(ring.TryAppend(message)));
        Assert.Equal(messages, ring.ReadAll());
        ring.CommitAll();
        Assert.Equal(2, ring.Files.Length);
    }

    [Fact]
    public void A_long_record_finds_no_room_in_a_full_ring_and_leaves_no_file()
    {
        using var ring = new TestRing();
        ring.Fill("");
        while (ring.Writer.TryAppend(Encoded.RecordOf(25)))
        {
        }

        Assert.False(ring.TryAppend(new string('l', Capacity)));
        Assert.DoesNotContain(ring.Files, file => file.EndsWith(RingFiles.LargeExtension, StringComparison.Ordinal));
    }

    [Fact]
    public void The_longest_record_within_the_ring_needs_no_file()
    {
        using var ring = new TestRing();
        Assert.True(ring.Writer.TryAppend(Encoded.RecordOf(Capacity / 4)));
        Assert.Equal(2, ring.Files.Length);
        Assert.True(ring.Writer.TryAppend(Encoded.RecordOf(Capacity / 4 + 1)));
        Assert.Equal(3, ring.Files.Length);
        Assert.Equal(2, ring.ReadAll().Count);
    }

    [Fact]
    public void A_long_record_whose_file_is_gone_is_passed_over_and_the_rest_of_the_ring_read()
    {
        using var ring = new TestRing();
        ring.TryAppend(new string('l', Capacity));
        ring.TryAppend("next");
        File.Delete(RingFiles.LargeOf(ring.Writer.Path, 1));
        Assert.Single(ring.ReadAll());
        Assert.False(ring.Reader.HasMore);
    }

    [Fact]
    public void A_listener_that_rests_is_rung_only_for_those_who_wait()
    {
        using var ring = new TestRing();
        ring.Reader.MarkIdle(isAsleep: false);
        Assert.False(ring.Writer.ClaimDoorbell(isAwaited: false));
        Assert.True(ring.Writer.ClaimDoorbell(isAwaited: true));
        Assert.False(ring.Writer.ClaimDoorbell(isAwaited: true));
    }

    [Fact]
    public void Who_waits_is_answered_up_to_what_is_committed_and_told_when_it_sleeps()
    {
        using var ring = new TestRing();
        ring.TryAppend("one");
        ring.Writer.RequestAcknowledgement();
        Assert.True(ring.Reader.NeedsAcknowledgement);
        Assert.Null(ring.Writer.AcknowledgementOf(1));
        Assert.False(ring.Reader.Acknowledge(isKept: true));
        Assert.Null(ring.Writer.AcknowledgementOf(1));

        ring.ReadAll();
        ring.CommitAll();
        ring.Writer.BlockWaiter();
        Assert.True(ring.Reader.Acknowledge(isKept: true));
        Assert.True(ring.Writer.AcknowledgementOf(1));
        Assert.False(ring.Reader.NeedsAcknowledgement);

        ring.TryAppend("two");
        ring.Writer.RequestAcknowledgement();
        Assert.False(ring.Reader.Acknowledge(isKept: false));
        Assert.False(ring.Writer.AcknowledgementOf(2));
        Assert.True(ring.Writer.AcknowledgementOf(1));
        Assert.False(ring.Reader.NeedsAcknowledgement);
    }

    [Fact]
    public void A_copy_torn_by_the_writers_death_does_not_exist()
    {
        using var ring = new TestRing();
        ring.TryAppend("whole");
        var tail = (int)ring.Reader.Tail;
        var torn = Encoded.Record("torn");
        TestRing.Poke(ring.Writer.Path, RingLayout.HeaderLength + tail, torn.AsSpan(0, torn.Length / 2));
        Assert.Equal(["whole"], ring.ReadAll());
        Assert.False(ring.Reader.HasMore);
        using var next = RingReader.Open(ring.Writer.Path);
        Assert.True(next.TryRead(out _));
        Assert.False(next.TryRead(out _));
    }

    [Fact]
    public void A_reader_learns_whose_the_ring_is()
    {
        var client = new ClientIdentity(123, "Köln", "Worker-7");
        using var ring = new TestRing(owner: new RingOwner(client, 456, EndsUnasked: true), lastSequence: 9);
        Assert.Equal(123, ring.Reader.Owner.Client.Pid);
        Assert.Equal("Köln", ring.Reader.Owner.Client.Process);
        Assert.Equal("Worker-7", ring.Reader.Owner.Client.Worker);
        Assert.Equal(456, ring.Reader.Owner.Started);
        Assert.True(ring.Reader.Owner.EndsUnasked);
        Assert.Equal(9, ring.Reader.HeadSequence);
        Assert.Contains($"-{ring.Reader.Id:x16}", ring.Reader.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_names_a_client_greets_with_fit_into_the_header()
    {
        // 256 characters of three bytes each, twice: see ListenerGreeting.
        var name = new string('€', 256);
        using var ring = new TestRing(owner: new RingOwner(new ClientIdentity(1, name, name), 1, EndsUnasked: false));
        Assert.Equal(name, ring.Reader.Owner.Client.Process);
        Assert.Equal(name, ring.Reader.Owner.Client.Worker);
        Assert.Null(new TestRing().Reader.Owner.Client.Worker);
    }

    [Fact]
    public void A_closed_ring_says_so_to_every_reader()
    {
        using var ring = new TestRing();
        ring.TryAppend("last");
        Assert.False(ring.Reader.IsClosed);
        ring.Writer.Close();
        Assert.True(ring.Reader.IsClosed);
        using var next = RingReader.Open(ring.Writer.Path);
        Assert.True(next.IsClosed);
        Assert.True(next.HasMore);
    }

    [Fact]
    public void Dropped_records_are_counted_and_what_was_told_is_remembered_in_the_ring()
    {
        using var ring = new TestRing();
        ring.Writer.CountDropped(3);
        ring.Writer.CountDropped(4);
        Assert.Equal(7, ring.Reader.Dropped);
        Assert.Equal(0, ring.Reader.DroppedReported);
        ring.Reader.DroppedReported = 7;
        using var next = RingReader.Open(ring.Writer.Path);
        Assert.Equal(7, next.DroppedReported);
    }

    [Fact]
    public void A_sleeping_listener_is_rung_once()
    {
        using var ring = new TestRing();
        Assert.False(ring.Writer.ClaimDoorbell(isAwaited: false));
        ring.Reader.MarkIdle(isAsleep: true);
        Assert.True(ring.Writer.ClaimDoorbell(isAwaited: false));
        Assert.False(ring.Writer.ClaimDoorbell(isAwaited: false));
        ring.Reader.MarkIdle(isAsleep: true);
        ring.Reader.MarkAwake();
        Assert.False(ring.Writer.ClaimDoorbell(isAwaited: false));
    }

    [Fact]
    public void A_waiting_writer_is_told_once_and_not_before_half_of_the_ring_is_free()
    {
        using var ring = new TestRing();
        ring.Fill();
        Assert.False(ring.Reader.ConsumeRoomWanted());
        ring.Writer.WantRoom();
        Assert.False(ring.Reader.ConsumeRoomWanted());
        while (ring.Reader.Tail - ring.Reader.Head > Capacity / 2)
        {
            Assert.False(ring.Reader.ConsumeRoomWanted());
            Assert.True(ring.Reader.TryRead(out _));
            ring.CommitAll();
        }

        Assert.True(ring.Reader.ConsumeRoomWanted());
        Assert.False(ring.Reader.ConsumeRoomWanted());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2048)]
    [InlineData(4095)]
    [InlineData(4104)]
    [InlineData(12288)]
    [InlineData(-4096)]
    public void A_capacity_that_is_no_power_of_two_from_4096_on_is_refused(int capacity)
    {
        using var folder = new TempFolder();
        Assert.Throws<ArgumentOutOfRangeException>(() => RingWriter.Create(folder.Path, TestRing.OwnerOf(1, 1), capacity));
        Assert.Empty(folder.FilesIn());
    }

    [Fact]
    public void A_place_behind_the_end_cannot_be_committed_to()
    {
        using var ring = new TestRing();
        ring.TryAppend("one");
        Assert.Throws<ProtocolException>(() => ring.Reader.CommitTo(ring.Reader.Tail + 8, 2));
    }

    [Fact]
    public void Committing_to_a_place_skips_what_was_written_and_removes_its_long_records()
    {
        using var ring = new TestRing();
        ring.TryAppend("one");
        ring.TryAppend(new string('l', Capacity));
        var place = ring.Reader.Tail;
        ring.TryAppend("three");
        ring.Reader.CommitTo(place, 2);
        Assert.Equal(2, ring.Files.Length);
        Assert.Equal(2, ring.Reader.HeadSequence);
        Assert.Equal(["three"], ring.ReadAll());
    }

    [Theory]
    [InlineData(RingLayout.TailAt, -8)]
    [InlineData(RingLayout.TailAt, 4)]
    [InlineData(RingLayout.TailAt, Capacity + 8)]
    [InlineData(RingLayout.TailAt, long.MaxValue)]
    [InlineData(RingLayout.TailAt, long.MinValue)]
    [InlineData(RingLayout.HeadAt, 8)]
    [InlineData(RingLayout.HeadAt, -8)]
    [InlineData(RingLayout.HeadAt, long.MinValue)]
    [InlineData(RingLayout.HeadAt, long.MaxValue)]
    public void Positions_that_contradict_each_other_are_nonsense_whenever_they_are_looked_at(int offset, long value)
    {
        using var ring = new TestRing();
        ring.Poke(offset, value);
        Assert.Throws<ProtocolException>(() => ring.Reader.TryRead(out _));
        Assert.Throws<ProtocolException>(() => RingReader.Open(ring.Writer.Path));
    }

    [Theory]
    [InlineData(RingLayout.MagicAt, 1)]
    [InlineData(RingLayout.CapacityAt, 2048)]
    [InlineData(RingLayout.CapacityAt, 8192)]
    [InlineData(RingLayout.CapacityAt, -4096)]
    [InlineData(RingLayout.CapacityAt, 4097)]
    [InlineData(RingLayout.IdentityAt, -1)]
    public void A_header_that_no_writer_makes_is_refused(int offset, long value)
    {
        using var ring = new TestRing();
        ring.Poke(offset, value);
        Assert.Throws<ProtocolException>(() => RingReader.Open(ring.Writer.Path));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(Capacity)]
    [InlineData(1000)]
    [InlineData(-3)]
    public void An_entry_that_announces_what_is_not_there_is_nonsense(int length)
    {
        using var ring = new TestRing();
        ring.TryAppend("entry");
        TestRing.Poke(ring.Writer.Path, RingLayout.HeaderLength, BitConverter.GetBytes(length));
        Assert.Throws<ProtocolException>(() => ring.Reader.TryRead(out _));
    }

    [Fact]
    public void A_file_that_is_no_ring_is_no_ring()
    {
        using var folder = new TempFolder();
        var path = folder.Combine("x.ring");
        File.WriteAllBytes(path, new byte[100]);
        Assert.Throws<JournalException>(() => RingReader.Open(path));
        File.WriteAllBytes(path, new byte[RingLayout.HeaderLength + Capacity]);
        Assert.Throws<ProtocolException>(() => RingReader.Open(path));
        Assert.Throws<JournalException>(() => RingReader.Open(folder.Combine("missing.ring")));
        Directory.CreateDirectory(folder.Combine("folder.ring"));
        Assert.Throws<JournalException>(() => RingReader.Open(folder.Combine("folder.ring")));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void A_pipe_in_the_place_of_a_ring_is_no_ring()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes that are files are a matter of Unix.");
        using var folder = new TempFolder();
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [folder.Combine("x.ring")]))
        {
            mkfifo.WaitForExit();
        }

        Assert.Throws<JournalException>(() => RingReader.Open(folder.Combine("x.ring")));
    }

    [Fact]
    public void Without_a_folder_no_ring_can_be_made()
    {
        using var folder = new TempFolder();
        Assert.Throws<JournalException>(() => RingWriter.Create(folder.Combine("missing"), TestRing.OwnerOf(1, 1), Capacity));
    }

    [Fact]
    public void Without_room_no_ring_is_made_and_nothing_is_left_behind()
    {
        using var disk = new SmallDisk();
        Assert.Throws<JournalException>(() => RingWriter.Create(disk.Combine(""), TestRing.OwnerOf(1, 1), 64 * 1024));
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Combine("")));

        using var ring = RingWriter.Create(disk.Combine(""), TestRing.OwnerOf(1, 1), Capacity);
        Assert.True(ring.TryAppend(Encoded.Record("there is room for a smaller one")));
    }

    [Fact]
    public void A_ring_that_was_made_can_be_filled_however_full_the_disk_becomes()
    {
        using var disk = new SmallDisk();
        using var ring = RingWriter.Create(disk.Combine(""), TestRing.OwnerOf(1, 1), 16 * 1024);
        disk.Fill(leave: 0);
        var count = 0;
        for (; ring.TryAppend(Encoded.RecordOf(1024)); count++)
        {
        }

        Assert.Equal(16, count);
        using var reader = RingReader.Open(ring.Path);
        for (; reader.TryRead(out _); count--)
        {
        }

        Assert.Equal(0, count);
    }

    [Fact]
    public void A_long_record_without_room_for_its_file_is_an_error_and_the_ring_goes_on()
    {
        using var disk = new SmallDisk();
        using var ring = RingWriter.Create(disk.Combine(""), TestRing.OwnerOf(1, 1), Capacity);
        Assert.Throws<JournalException>(() => ring.TryAppend(Encoded.RecordOf(128 * 1024)));
        Assert.DoesNotContain(Directory.EnumerateFiles(disk.Combine("")), file => file.EndsWith(RingFiles.LargeExtension, StringComparison.Ordinal));
        Assert.True(ring.TryAppend(Encoded.Record("short")));
        using var reader = RingReader.Open(ring.Path);
        Assert.True(reader.TryRead(out var record));
        Assert.Equal((1, "short"), Encoded.Read(record));
        Assert.False(reader.TryRead(out _));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void No_one_else_may_open_the_files_of_a_ring()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are a matter of Unix.");
        using var ring = new TestRing();
        ring.TryAppend(new string('l', Capacity));
        var folder = Path.GetDirectoryName(ring.Writer.Path)!;
        Assert.All(Directory.EnumerateFiles(folder), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }
}

using QueueLog.Journal;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Journal;

public sealed class CheckpointRecoveryTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TestRing ring = new();

    public CheckpointRecoveryTests()
    {
        ring.TryAppend("one");
        ring.TryAppend("two");
        Assert.True(ring.Reader.TryRead(out _));
        Assert.True(ring.Reader.TryRead(out _));
    }

    [Fact]
    public void When_every_file_has_its_length_the_heads_move_and_the_files_stay()
    {
        var intent = Intent(("a", 10, 20), ("b", 0, 5));
        Write("a", 20);
        Write("b", 7);
        using var next = RingReader.Open(ring.Writer.Path);
        Assert.True(CheckpointRecovery.Recover(intent, [next], Lock));
        Assert.True(ring.Writer.IsDrained);
        Assert.Equal(2, ring.Writer.WrittenSequence);
        Assert.Equal(20, Length("a"));
        Assert.Equal(7, Length("b"));
    }

    [Theory]
    [InlineData(20, 3, 10, 0)]
    [InlineData(15, 5, 10, 0)]
    [InlineData(10, 0, 10, 0)]
    [InlineData(8, 5, 8, 0)]
    public void When_one_is_shorter_all_are_cut_back_and_the_records_stay(int a, int b, int expectedA, int expectedB)
    {
        var intent = Intent(("a", 10, 20), ("b", 0, 5));
        Write("a", a);
        Write("b", b);
        using var next = RingReader.Open(ring.Writer.Path);
        Assert.False(CheckpointRecovery.Recover(intent, [next], Lock));
        Assert.False(ring.Writer.IsDrained);
        Assert.Equal(0, ring.Writer.WrittenSequence);
        Assert.Equal(expectedA, Length("a"));
        Assert.Equal(expectedB, Length("b"));
        Assert.True(next.TryRead(out var record));
        Assert.Equal("one", Encoded.MessageOf(record));
    }

    [Fact]
    public void A_file_that_is_missing_was_not_written_and_is_not_made()
    {
        var intent = Intent(("a", 10, 20), ("gone", 0, 5));
        Write("a", 20);
        Assert.False(CheckpointRecovery.Recover(intent, [ring.Reader], Lock));
        Assert.Equal(10, Length("a"));
        Assert.False(File.Exists(folder.Combine("gone")));
    }

    [Fact]
    public void A_batch_that_needed_no_file_is_done()
    {
        using var next = RingReader.Open(ring.Writer.Path);
        Assert.True(CheckpointRecovery.Recover(Intent(), [next], Lock));
        Assert.True(ring.Writer.IsDrained);
    }

    [Fact]
    public void Heads_that_have_moved_already_and_rings_that_are_gone_do_not_matter()
    {
        var intent = Intent();
        intent.Rings.Add(new RingAdvance(12345, 64, 9));
        ring.CommitAll();
        ring.TryAppend("three");
        using var next = RingReader.Open(ring.Writer.Path);
        Assert.True(CheckpointRecovery.Recover(intent, [next], Lock));
        Assert.True(next.TryRead(out var record));
        Assert.Equal("three", Encoded.MessageOf(record));
    }

    [Fact]
    public void A_ring_that_has_not_what_the_checkpoint_says_keeps_no_listener_from_starting()
    {
        using var healthy = new TestRing();
        healthy.TryAppend("other");
        var intent = new BatchIntent();
        intent.Rings.Add(new RingAdvance(ring.Reader.Id, ring.Reader.Tail + 800, 100));
        intent.Rings.Add(new RingAdvance(healthy.Reader.Id, healthy.Reader.Tail, 1));
        using var next = RingReader.Open(ring.Writer.Path);
        using var other = RingReader.Open(healthy.Writer.Path);
        Assert.True(CheckpointRecovery.Recover(intent, [next, other], Lock));
        Assert.True(healthy.Writer.IsDrained);
    }

    [Fact]
    public void A_file_that_a_living_listener_writes_is_not_cut_back()
    {
        var intent = Intent(("a", 10, 20), ("b", 0, 5));
        Write("a", 15);
        Write("b", 3);
        using var next = RingReader.Open(ring.Writer.Path);
        Assert.False(CheckpointRecovery.Recover(intent, [next], path => path == folder.Combine("a") ? null : Lock(path)));
        Assert.Equal(15, Length("a"));
        Assert.Equal(0, Length("b"));
        Assert.True(next.TryRead(out _));
    }

    [Fact]
    public void What_another_listener_has_written_behind_the_batch_is_not_cut_off()
    {
        var intent = Intent(("a", 10, 20), ("b", 0, 5));
        Write("a", 21);
        Write("b", 3);
        Assert.False(CheckpointRecovery.Recover(intent, [ring.Reader], Lock));
        Assert.Equal(21, Length("a"));
        Assert.Equal(0, Length("b"));
    }

    public void Dispose()
    {
        ring.Dispose();
        folder.Dispose();
    }

    private static FileLock Lock(string path) => FileLock.Acquire(path, TestListener.Locks);

    private BatchIntent Intent(params (string Name, long Before, long After)[] files)
    {
        var intent = new BatchIntent();
        intent.Files.AddRange(files.Select(file => new FileGrowth(folder.Combine(file.Name), file.Before, file.After)));
        intent.Rings.Add(new RingAdvance(ring.Reader.Id, ring.Reader.Position, 2));
        return intent;
    }

    private void Write(string name, int length) => File.WriteAllBytes(folder.Combine(name), new byte[length]);

    private long Length(string name) => new FileInfo(folder.Combine(name)).Length;
}

using QueueLog.Journal;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Journal;

public sealed class CheckpointTests
{
    [Fact]
    public void A_new_checkpoint_says_that_nothing_is_under_way()
    {
        using var folder = new TempFolder();
        using var checkpoint = Checkpoint.Open(folder.Combine("checkpoint"));
        Assert.Null(checkpoint.Read());
    }

    [Fact]
    public void What_was_written_is_read_by_the_next_until_it_is_cleared()
    {
        using var folder = new TempFolder();
        var intent = Intent(3, 4);
        using (var checkpoint = Checkpoint.Open(folder.Combine("checkpoint")))
        {
            checkpoint.Write(intent);
        }

        using (var next = Checkpoint.Open(folder.Combine("checkpoint")))
        {
            var read = next.Read();
            Assert.Equal(intent.Files, read!.Files);
            Assert.Equal(intent.Rings, read.Rings);
            next.Clear();
            Assert.Null(next.Read());
        }

        using var last = Checkpoint.Open(folder.Combine("checkpoint"));
        Assert.Null(last.Read());
    }

    [Fact]
    public void A_shorter_checkpoint_replaces_a_longer_one_wholly()
    {
        using var folder = new TempFolder();
        using var checkpoint = Checkpoint.Open(folder.Combine("checkpoint"));
        checkpoint.Write(Intent(50, 50));
        checkpoint.Write(Intent(1, 0));
        var read = checkpoint.Read();
        Assert.Single(read!.Files);
        Assert.Empty(read.Rings);
    }

    [Fact]
    public void A_batch_of_very_many_files_and_rings_has_room()
    {
        using var folder = new TempFolder();
        using var checkpoint = Checkpoint.Open(folder.Combine("checkpoint"));
        var intent = Intent(5000, 5000);
        checkpoint.Write(intent);
        Assert.Equal(intent.Files, checkpoint.Read()!.Files);
    }

    [Fact]
    public void Of_a_checkpoint_cut_anywhere_nothing_is_believed()
    {
        var bytes = BytesOf(Intent(2, 2));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(Checkpoint.Decode(bytes.AsSpan(0, length)));
        }

        Assert.NotNull(Checkpoint.Decode(bytes));
    }

    [Fact]
    public void A_checkpoint_torn_over_the_one_before_is_not_believed_at_any_byte()
    {
        var before = BytesOf(Intent(2, 3));
        var after = BytesOf(Intent(3, 2));
        Assert.True(after.Length > before.Length);
        for (var written = 1; written < after.Length; written++)
        {
            byte[] torn = [.. after.AsSpan(0, written), .. before.AsSpan(Math.Min(written, before.Length))];
            if (!torn.AsSpan().StartsWith(before) && !torn.AsSpan().StartsWith(after))
            {
                Assert.Null(Checkpoint.Decode(torn));
            }
        }
    }

    [Fact]
    public void One_wrong_bit_anywhere_makes_it_worthless()
    {
        var bytes = BytesOf(Intent(2, 2));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(Checkpoint.Decode(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Without_room_it_is_an_error_and_nothing_is_left_behind()
    {
        using var disk = new SmallDisk();
        disk.Fill(leave: 8192);
        Assert.Throws<JournalException>(() => Checkpoint.Open(disk.Combine("checkpoint")));
        Assert.Equal([disk.Combine("filler")], Directory.EnumerateFileSystemEntries(disk.Combine("")));
    }

    [Fact]
    public void A_folder_in_its_place_is_an_error()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Combine("checkpoint"));
        Assert.Throws<JournalException>(() => Checkpoint.Open(folder.Combine("checkpoint")));
    }

    private static byte[] BytesOf(BatchIntent intent)
    {
        using var folder = new TempFolder();
        using var checkpoint = Checkpoint.Open(folder.Combine("checkpoint"));
        checkpoint.Write(intent);
        var bytes = folder.ReadBytes("checkpoint");
        return bytes[..(8 + BitConverter.ToInt32(bytes))];
    }

    private static BatchIntent Intent(int files, int rings)
    {
        var intent = new BatchIntent();
        for (var i = 0; i < files; i++)
        {
            intent.Files.Add(new FileGrowth($"/logs/größe-{i}.log", i * 1000L, i * 1000L + 77));
        }

        for (var i = 0; i < rings; i++)
        {
            intent.Rings.Add(new RingAdvance(long.MaxValue - i, 8L * i, i));
        }

        return intent;
    }
}

using QueueLog.Journal;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Journal;

public sealed unsafe class SharedSleepTests
{
    [Fact]
    public void Whoever_sleeps_is_woken_through_another_mapping_of_the_same_file()
    {
        Assert.SkipUnless(SharedSleep.IsSupported, "Only Linux can sleep on shared memory.");
        const int Rounds = 1000;
        using var folder = new TempFolder();
        using var ours = MappedFile.Create(folder.Combine("shared"), 4096);
        using var theirs = MappedFile.Open(folder.Combine("shared"), 1);

        // A ball goes to and fro: 0 is here, 1 there. A wake that is missed costs a minute.
        var other = new Thread(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                Pass(theirs, mine: 1);
            }
        });
        var own = new Thread(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                Pass(ours, mine: 0);
            }
        });
        other.Start();
        own.Start();
        Assert.True(own.Join(TestTimeout.Limit) && other.Join(TestTimeout.Limit));
    }

    [Fact]
    public void A_number_that_is_another_by_now_is_not_slept_on()
    {
        Assert.SkipUnless(SharedSleep.IsSupported, "Only Linux can sleep on shared memory.");
        using var folder = new TempFolder();
        using var file = MappedFile.Create(folder.Combine("shared"), 4096);
        SharedSleep.Wait(file.AddressOf(0), expected: 1, TimeSpan.FromDays(1));
    }

    private static void Pass(MappedFile file, int mine)
    {
        while (Volatile.Read(ref file.Int32(0)) != mine)
        {
            SharedSleep.Wait(file.AddressOf(0), 1 - mine, TimeSpan.FromMinutes(1));
        }

        Volatile.Write(ref file.Int32(0), 1 - mine);
        SharedSleep.Wake(file.AddressOf(0));
    }
}

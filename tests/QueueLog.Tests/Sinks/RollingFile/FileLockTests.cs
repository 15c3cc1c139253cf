using System.Diagnostics;
using QueueLog.Client;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class FileLockTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Whoever_comes_second_learns_who_was_first()
    {
        using var first = Acquire("run.log", "pipe-1");

        var refusal = Assert.Throws<LogFileInUseException>(() => Acquire("run.log", "pipe-2"));

        Assert.Equal(PathOf("run.log"), refusal.Path);
        Assert.Equal(LogFileFault.InUse, refusal.Reason);
        Assert.Equal(Environment.ProcessId, refusal.OwnerPid);
        Assert.Equal(ProcessContext.Program, refusal.OwnerProcess);
        Assert.Equal("pipe-1", refusal.OwnerPipe);
        Assert.Contains("'pipe-1'", refusal.Message);
    }

    [Fact]
    public void Another_file_is_another_lock()
    {
        using var first = Acquire("run.log");
        using var second = Acquire("other.log");
    }

    [Fact]
    public void Another_name_of_the_same_file_is_refused_as_long_as_the_first_is_held()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Makes hard links with ln, a program of Unix.");
        File.WriteAllText(PathOf("run.log"), "");
        var first = Acquire("run.log", "pipe-1");
        using (var ln = Process.Start("ln", [PathOf("run.log"), PathOf("link.log")]))
        {
            ln.WaitForExit();
        }

        var refusal = Assert.Throws<LogFileInUseException>(() => Acquire("link.log", "pipe-2"));
        Assert.Equal(PathOf("link.log"), refusal.Path);
        Assert.Equal("pipe-1", refusal.OwnerPipe);
        using (Acquire("other.log"))
        {
        }

        first.Dispose();
        using var second = Acquire("link.log", "pipe-2");
        Assert.Equal("pipe-2", Assert.Throws<LogFileInUseException>(() => Acquire("run.log", "pipe-3")).OwnerPipe);
    }

    [Fact]
    public void A_note_left_by_the_dead_claims_no_other_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Makes hard links with ln, a program of Unix.");
        File.WriteAllText(PathOf("run.log"), "");
        string note;
        string text;
        using (Acquire("run.log", "pipe-1"))
        {
            note = Directory.GetFiles(folder.Combine("locks"), "*.owner").Single();
            text = File.ReadAllText(note);
        }

        File.WriteAllText(note, text);
        using (var ln = Process.Start("ln", [PathOf("run.log"), PathOf("link.log")]))
        {
            ln.WaitForExit();
        }

        Acquire("link.log").Dispose();
    }

    [Fact]
    public void Case_matters_where_it_matters_to_the_file_system()
    {
        using var first = Acquire("run.log");

        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
        {
            Assert.Throws<LogFileInUseException>(() => Acquire("RUN.log"));
        }
        else
        {
            Acquire("RUN.log").Dispose();
        }
    }

    [Fact]
    public void A_lock_given_back_can_be_taken_again_and_leaves_no_note()
    {
        Acquire("run.log").Dispose();
        Assert.DoesNotContain(folder.FilesIn("locks"), name => !name.EndsWith(".lock", StringComparison.Ordinal));

        Acquire("run.log").Dispose();
        Assert.Single(folder.FilesIn("locks"));
    }

    [Fact]
    public void A_note_that_cannot_be_read_still_refuses_the_second()
    {
        using var first = Acquire("run.log");
        foreach (var note in Directory.GetFiles(folder.Combine("locks"), "*.owner"))
        {
            File.WriteAllText(note, "nonsense");
        }

        var refusal = Assert.Throws<LogFileInUseException>(() => Acquire("run.log"));

        Assert.Null(refusal.OwnerPid);
        Assert.Null(refusal.OwnerPipe);
    }

    [Fact]
    public void A_state_folder_that_cannot_be_used_is_named()
    {
        File.WriteAllText(folder.Combine("locks"), "in the way");

        var exception = Assert.Throws<LogFileException>(() => Acquire("run.log"));

        Assert.Equal(LogFileFault.Other, exception.Reason);
        Assert.Contains(folder.Combine("locks"), exception.Message);
    }

    private string PathOf(string name) => folder.Combine(name);

    private FileLock Acquire(string name, string pipe = "pipe") =>
        FileLock.Acquire(PathOf(name), new FileLockScope(folder.Path, pipe));
}

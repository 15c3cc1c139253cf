using System.Diagnostics;

namespace QueueLog.Tests.Support;

/// <summary>A disk of 64 KiB, which is soon full. Only root on Linux can make one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly bool mounted;

    /// <param name="files">How many files and folders it can hold, itself included; 0 for any number.</param>
    public SmallDisk(int files = 0)
    {
        mounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", $"size=64k,nr_inodes={files}", "none", folder.Path);
        if (!mounted)
        {
            folder.Dispose();
            Assert.Skip("This account may not mount a small disk.");
        }
    }

    public string Combine(string name) => folder.Combine(name);

    public string[] ReadLines(string name) => folder.ReadLines(name);

    /// <summary>Leaves so many bytes, rounded up to pages.</summary>
    public void Fill(int leave)
    {
        using var filler = File.Create(Combine("filler"));
        var page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            filler.SetLength(Math.Max(0, filler.Length - leave));
        }
    }

    public void MakeRoom() => File.Delete(Combine("filler"));

    public void Dispose()
    {
        if (mounted)
        {
            // Lazily: a process that another test is just starting may for a moment hold what this one had open.
            Run("umount", "--lazy", folder.Path);
            folder.Dispose();
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

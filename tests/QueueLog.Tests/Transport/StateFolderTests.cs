using System.Diagnostics;
using System.Runtime.Versioning;
using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Transport;

public sealed class StateFolderTests
{
    [Fact, UnsupportedOSPlatform("windows")]
    public void A_folder_is_made_for_the_user_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are a matter of Unix.");
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        using var folder = new TempFolder();
        var path = folder.Combine("state");
        Assert.Equal(path, StateFolder.Ensure(path));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void One_that_others_can_enter_is_refused_and_left_as_it_is_unless_it_has_our_own_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are a matter of Unix.");
        using var folder = new TempFolder();
        foreach (var mode in new[] { 0b111_101_101, 0b1_111_111_111, 0b111_000_001 })
        {
            var shared = Directory.CreateDirectory(folder.Combine("shared")).FullName;
            File.SetUnixFileMode(shared, (UnixFileMode)mode);
            var e = Assert.Throws<UnauthorizedAccessException>(() => StateFolder.Ensure(shared));
            Assert.Contains("700", e.Message);
            Assert.Equal((UnixFileMode)mode, File.GetUnixFileMode(shared));
        }

        var own = Directory.CreateDirectory(folder.Combine(Path.GetFileName(StateFolder.Default))).FullName;
        File.SetUnixFileMode(own, (UnixFileMode)0b111_111_111);
        Assert.Equal(own, StateFolder.Ensure(own));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(own));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void A_link_in_its_place_is_refused_and_what_it_points_to_is_left_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links are planted on Unix.");
        using var folder = new TempFolder();
        var target = Directory.CreateDirectory(folder.Combine("target")).FullName;
        var mode = File.GetUnixFileMode(target);
        Directory.CreateSymbolicLink(folder.Combine("state"), target);
        Assert.Throws<UnauthorizedAccessException>(() => StateFolder.Ensure(folder.Combine("state")));
        Assert.Equal(mode, File.GetUnixFileMode(target));
        Assert.Empty(Directory.EnumerateFileSystemEntries(target));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void A_link_to_nowhere_and_a_file_in_its_place_are_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links are planted on Unix.");
        using var folder = new TempFolder();
        File.CreateSymbolicLink(folder.Combine("dangling"), folder.Combine("nowhere"));
        Assert.ThrowsAny<SystemException>(() => StateFolder.Ensure(folder.Combine("dangling")));
        Assert.False(Directory.Exists(folder.Combine("nowhere")));
        File.WriteAllText(folder.Combine("file"), "");
        Assert.ThrowsAny<IOException>(() => StateFolder.Ensure(folder.Combine("file")));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void A_folder_of_another_user_is_refused_and_left_as_it_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can make a folder another user's.");
        using var folder = new TempFolder();
        const UnixFileMode Mode = (UnixFileMode)0b111_101_000;
        var path = Directory.CreateDirectory(folder.Combine(Path.GetFileName(StateFolder.Default))).FullName;
        File.SetUnixFileMode(path, Mode);
        using (var chown = Process.Start("chown", ["65534", path]))
        {
            chown.WaitForExit();
            Assert.Equal(0, chown.ExitCode);
        }

        var e = Assert.Throws<UnauthorizedAccessException>(() => StateFolder.Ensure(path));
        Assert.Contains("65534", e.Message);
        Assert.Equal(Mode, File.GetUnixFileMode(path));
    }
}

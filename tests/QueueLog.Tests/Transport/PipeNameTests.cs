using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Transport;

public sealed class PipeNameTests
{
    [Theory]
    [InlineData("a/b", PipeNameFault.IllegalCharacter)]
    [InlineData("a\\b", PipeNameFault.IllegalCharacter)]
    [InlineData("a:b", PipeNameFault.IllegalCharacter)]
    [InlineData("a\u0001b", PipeNameFault.IllegalCharacter)]
    [InlineData("", PipeNameFault.Empty)]
    [InlineData("  ", PipeNameFault.Empty)]
    public void A_name_that_cannot_be_used_is_refused_with_its_fault(string name, PipeNameFault fault)
    {
        var e = Assert.Throws<PipeNameException>(() => PipeName.ToAddress(name));
        Assert.Equal(fault, e.Fault);
        Assert.Equal(name, e.Name);
    }

    [Fact]
    public void The_longest_name_that_fits_works_and_one_byte_more_is_refused_with_both_lengths()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Socket paths are a matter of Unix.");
        var limit = OperatingSystem.IsMacOS() ? 103 : 107;
        var room = limit - PipeName.ToAddress("x").Length + 1;
        Assert.Equal(limit, PipeName.ToAddress(new string('n', room)).Length);
        var e = Assert.Throws<PipeNameException>(() => PipeName.ToAddress(new string('n', room + 1)));
        Assert.Equal(PipeNameFault.TooLong, e.Fault);
        Assert.Contains($"{limit + 1} bytes", e.Message);
        Assert.Contains($"allows {limit}", e.Message);
    }

    [Fact]
    public void The_same_name_is_another_pipe_in_another_state_folder()
    {
        using var folder = new TempFolder();
        var address = PipeName.ToAddress("run", folder.Combine("a"));
        Assert.NotEqual(address, PipeName.ToAddress("run", folder.Combine("b")));
        Assert.Equal(address, PipeName.ToAddress("run", folder.Combine("a")));
    }

    [Fact]
    public void Windows_a_pipe_has_one_name_however_its_folder_is_written_and_tells_users_apart()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Elsewhere the folder is a part of the address, and case counts.");
        var address = PipeName.ToAddress("run", @"C:\State\Folder");
        Assert.Equal(address, PipeName.ToAddress("run", @"c:\state\FOLDER\"));
        Assert.Matches(@"^\\\\\.\\pipe\\QueueLog\.[0-9a-f]{16}\.run$", address);
        var e = Assert.Throws<PipeNameException>(() => PipeName.ToAddress(new string('n', 256)));
        Assert.Equal(PipeNameFault.TooLong, e.Fault);
    }

    [Fact]
    public void Where_the_folder_is_too_long_the_folder_is_what_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Socket paths are a matter of Unix.");
        var folder = "/" + new string('f', 120);
        var e = Assert.Throws<PipeNameException>(() => PipeName.ToAddress("run", folder));
        Assert.Equal(PipeNameFault.TooLong, e.Fault);
        Assert.StartsWith($"The folder '{folder}' is too long", e.Message);
        Assert.Contains("QUEUELOG_STATE", e.Message);
    }
}

using QueueLog.Native;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Native;

public sealed class NamedFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string File => folder.Combine("file");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_is_opened_to_be_read()
    {
        System.IO.File.WriteAllText(File, "content");
        using var handle = NamedFile.OpenToRead(File);
        Assert.Equal(7, RandomAccess.GetLength(handle!));
    }

    [Fact]
    public void What_is_no_file_is_not_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows it takes special rights to make a link.");
        Assert.Null(NamedFile.OpenToRead(folder.Path));
        System.IO.File.WriteAllText(folder.Combine("target"), "content");
        System.IO.File.CreateSymbolicLink(File, folder.Combine("target"));
        Assert.Null(NamedFile.OpenToRead(File));
    }

    [Fact]
    public void What_cannot_be_opened_says_why_and_which()
    {
        Assert.Equal(File, Assert.Throws<FileNotFoundException>(() => NamedFile.OpenToRead(File)).FileName);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The texts are those of Unix.");
        var tooLong = folder.Combine(new string('x', 300));
        Assert.Equal($"File name too long: '{tooLong}'", Assert.Throws<IOException>(() => NamedFile.OpenToRead(tooLong)).Message);
    }

    [Fact]
    public void One_that_is_made_was_not_there()
    {
        using var made = NamedFile.Create(File, rights: null);
        Assert.True(NamedFile.IsTaken(Assert.Throws<IOException>(() => NamedFile.Create(File, rights: null))));
    }
}

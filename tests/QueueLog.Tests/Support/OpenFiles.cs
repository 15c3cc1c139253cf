namespace QueueLog.Tests.Support;

/// <summary>What a system lets others do to a file that is open, for tests of those who do it.</summary>
internal static class OpenFiles
{
    private static readonly Lazy<bool> FreeTheirNames = new(() => IsPossible((path, _) =>
    {
        File.Delete(path);
        return !File.Exists(path);
    }));

    private static readonly Lazy<bool> CanBeReplaced = new(() => IsPossible((path, other) =>
    {
        File.Move(other, path, overwrite: true);
        return true;
    }));

    /// <summary>For tests that delete a file which the product has open, and put another in its place.</summary>
    public static void SkipUnlessDeletedAtOnce() => Assert.SkipUnless(
        FreeTheirNames.Value, "This system keeps the name of a deleted file for as long as the file is open: Wine, and Windows before version 1809.");

    /// <summary>For tests that move a file over one which the product has open.</summary>
    public static void SkipUnlessReplaceable() => Assert.SkipUnless(CanBeReplaced.Value, "Windows moves no file over one that is open.");

    private static bool IsPossible(Func<string, string, bool> deed)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.Combine("other"), "");
        using var open = File.OpenHandle(folder.Combine("file"), FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            return deed(folder.Combine("file"), folder.Combine("other"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

namespace QueueLog.Tests.Support;

/// <summary>Symbolic links, where they can be made and lead somewhere.</summary>
internal static class SymbolicLinks
{
    private static readonly Lazy<bool> Works = new(Try);

    /// <summary>Skips the test where there are none.</summary>
    public static void Require() => Assert.SkipUnless(Works.Value, "This account may not make symbolic links, or they lead nowhere (Wine).");

    private static bool Try()
    {
        try
        {
            using var probe = new TempFolder();
            File.WriteAllText(probe.Combine("target"), "followed");
            File.CreateSymbolicLink(probe.Combine("link"), probe.Combine("target"));
            return probe.Read("link") == "followed";
        }
        catch (IOException)
        {
            return false;
        }
    }
}

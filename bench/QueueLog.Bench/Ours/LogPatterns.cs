namespace QueueLog.Bench.Ours;

/// <summary>Expressions that mean the same to grep and to .NET, and match the same entries of a <see cref="LargeLog"/>.</summary>
internal static class LogPatterns
{
    /// <summary>With a text that must be there.</summary>
    public const string Text = "refused by [a-z]+ [0-9]+";

    /// <summary>With one of several.</summary>
    public const string Choice = "(refused|denied) by";

    /// <summary>With none.</summary>
    public const string Classes = "[a-z]+ [0-9][0-9]$";
}

namespace QueueLog.Journal;

/// <summary>A file that a batch makes longer.</summary>
internal readonly record struct FileGrowth(string Path, long Before, long After);

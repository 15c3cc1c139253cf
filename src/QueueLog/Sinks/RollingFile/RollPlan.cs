namespace QueueLog.Sinks.RollingFile;

/// <summary>What a roll does, in this order, in file names.</summary>
/// <param name="Renames">Every target is free by the time its turn comes; the current file is the last.</param>
/// <param name="Deletions">Old files beyond those to keep, oldest first.</param>
internal sealed record RollPlan(IReadOnlyList<(string From, string To)> Renames, IReadOnlyList<string> Deletions);

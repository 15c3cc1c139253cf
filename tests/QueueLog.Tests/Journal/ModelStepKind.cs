namespace QueueLog.Tests.Journal;

/// <summary>What happens to a log in the model test.</summary>
internal enum ModelStepKind
{
    Append,
    AppendMany,
    Drain,
    Commit,
    CloseWriter,
    KillWriter,
    KillListener,
    KillListenerTwice,
}

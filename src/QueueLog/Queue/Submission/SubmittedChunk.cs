using QueueLog.Queue.History;

namespace QueueLog.Queue.Submission;

/// <summary>A chunk that was offered and has not ended.</summary>
/// <param name="work">What was published; null for one of an earlier submitter.</param>
/// <param name="since">When something was heard of it last: a timestamp.</param>
internal sealed class SubmittedChunk(WorkMessage? work, long since)
{
    public WorkMessage? Work { get; } = work;

    public long Since { get; set; } = since;

    /// <summary>How often it was published.</summary>
    public int Times { get; set; } = 1;
}

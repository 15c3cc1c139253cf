namespace QueueLog.Workers;

/// <summary>Why a run as a whole could not go on.</summary>
/// <param name="ErrorId">Id of the error, e.g. <c>WorkerStartFailed</c>.</param>
/// <param name="Message">What happened.</param>
internal sealed record RunFailure(string ErrorId, string Message);

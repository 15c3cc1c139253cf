namespace QueueLog.Pool;

/// <summary>Why a worker cannot run the items of a definition, as it travels to the pool.</summary>
/// <param name="ErrorId">Id of the error.</param>
/// <param name="Message">What happened.</param>
internal sealed record PreparationFailure(string ErrorId, string Message);

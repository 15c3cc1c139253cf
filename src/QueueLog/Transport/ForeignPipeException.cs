namespace QueueLog.Transport;

/// <summary>A pipe is another user's, and only that user's processes may connect.</summary>
/// <param name="address">The pipe.</param>
/// <param name="owner">Whose it is, as a user would say it; null where the system does not tell.</param>
internal sealed class ForeignPipeException(string address, string? owner)
    : UnauthorizedAccessException($"The listener at '{address}' belongs to {owner ?? "another user"}, and only processes of that user may connect to it; this one runs as {PipeOwner.Self}.")
{
    public string? Owner { get; } = owner;
}

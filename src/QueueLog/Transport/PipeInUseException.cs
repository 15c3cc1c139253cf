namespace QueueLog.Transport;

/// <summary>Another process owns the pipe name.</summary>
internal sealed class PipeInUseException(string address) : IOException($"The pipe '{address}' is in use.")
{
    public string Address { get; } = address;
}

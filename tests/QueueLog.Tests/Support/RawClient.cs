using System.Net.Sockets;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>A connection on which anything can be said.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly PipeConnection connection;

    private RawClient(PipeConnection connection) => this.connection = connection;

    /// <summary>What the listener answered to the greeting.</summary>
    public ListenerIdentity? Listener { get; private init; }

    public static async Task<RawClient> ConnectAsync(string address) =>
        new(await PipeConnector.ConnectAsync(address, TestTimeout.Limit, CancellationToken.None)) { Listener = null };

    public static async Task<RawClient> GreetAsync(string address, string process = "rogue")
    {
        var connection = await PipeConnector.ConnectAsync(address, TestTimeout.Limit, CancellationToken.None);
        await connection.SendAsync(Encoded.Hello(process), CancellationToken.None);
        var welcome = await connection.ReadAsync(CancellationToken.None).AsTask().WaitAsync(TestTimeout.Limit);
        return new RawClient(connection) { Listener = GreetingCodec.ReadWelcome(welcome!.Value) };
    }

    /// <summary>Says something; whether anyone still listens does not matter.</summary>
    public async Task<bool> SendAsync(params byte[] bytes)
    {
        try
        {
            await connection.SendAsync(bytes, CancellationToken.None).AsTask().WaitAsync(TestTimeout.Limit);
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false;
        }
    }

    /// <summary>Waits for the answer to a flush.</summary>
    public async Task<bool> FlushAsync(long number)
    {
        await SendAsync(Encoded.Frame(FrameType.Flush, BitConverter.GetBytes(number)));
        while (await connection.ReadAsync(CancellationToken.None).AsTask().WaitAsync(TestTimeout.Limit) is { } frame)
        {
            if (frame.Type == FrameType.Flushed && BitConverter.ToInt64(frame.Payload.Span) == number)
            {
                return frame.Payload.Span[8] != 0;
            }
        }

        throw new EndOfStreamException("The listener ended the connection instead of answering.");
    }

    /// <summary>Waits for the listener to say what it makes of a ring that was announced.</summary>
    /// <returns>Why it cannot take it; null when it has it.</returns>
    public async Task<string?> HearOfJournalAsync()
    {
        while (await connection.ReadAsync(CancellationToken.None).AsTask().WaitAsync(TestTimeout.Limit) is { } frame)
        {
            if (frame.Type == FrameType.JournalAnswer)
            {
                return GreetingCodec.ReadJournalAnswer(frame);
            }
        }

        throw new EndOfStreamException("The listener ended the connection instead of answering.");
    }

    /// <summary>Waits until the listener has ended the connection.</summary>
    public async Task WaitUntilCutOffAsync()
    {
        try
        {
            while (await connection.ReadAsync(CancellationToken.None).AsTask().WaitAsync(TestTimeout.Limit) is not null)
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}

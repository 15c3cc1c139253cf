using System.IO.Pipes;
using System.Net.Sockets;
using System.Text;
using QueueLog.Transport;

namespace QueueLog.Tests.Support;

/// <summary>A program that opens the pipe and writes into it what it likes, as one in any language would.</summary>
internal sealed class LineClient : IAsyncDisposable
{
    private readonly Socket? socket;
    private readonly Stream stream;
    private readonly StreamReader answers;

    private LineClient(Stream stream, Socket? socket)
    {
        this.stream = stream;
        this.socket = socket;
        answers = new StreamReader(stream);
    }

    /// <summary>Whether a connection can be ended in one direction. A pipe of Windows cannot.</summary>
    public static bool CanCloseSending => !OperatingSystem.IsWindows();

    public static async Task<LineClient> ConnectAsync(string address)
    {
        if (OperatingSystem.IsWindows())
        {
            var pipe = new NamedPipeClientStream(".", PipeName.ToStreamName(address), PipeDirection.InOut, PipeOptions.Asynchronous);
            await pipe.ConnectAsync(TestTimeout.Limit, CancellationToken.None);
            return new LineClient(pipe, null);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(address)).WaitAsync(TestTimeout.Limit);
        return new LineClient(new NetworkStream(socket, ownsSocket: true), socket);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes).AsTask().WaitAsync(TestTimeout.Limit);

    /// <summary>Says something; whether anyone still listens does not matter.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The next line of the listener's; null at the end.</summary>
    public async Task<string?> HearAsync()
    {
        try
        {
            return await answers.ReadLineAsync().WaitAsync(TestTimeout.Limit);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Asks for an answer and waits for it.</summary>
    public async Task<string?> FlushAsync(long number)
    {
        await SendAsync($"{{\"flush\":{number}}}\n");
        return await HearAsync();
    }

    /// <summary>Says that nothing more comes; answers are still heard.</summary>
    public void CloseSending() => socket!.Shutdown(SocketShutdown.Send);

    /// <summary>Says that nothing more comes, and waits until the listener has ended the connection, where the system lets it.</summary>
    public async Task EndAsync()
    {
        if (socket is null)
        {
            await stream.DisposeAsync();
            return;
        }

        CloseSending();
        await WaitUntilEndedAsync();
    }

    public async Task WaitUntilEndedAsync()
    {
        while (await HearAsync() is not null)
        {
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}

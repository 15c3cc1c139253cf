using System.Net.Sockets;
using System.Security.Authentication;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using QueueLog.Queue;

namespace QueueLog.Nats;

/// <summary>What the client throws, in the few words of <see cref="QueueException"/>.</summary>
internal static class NatsFaults
{
    public const string UnknownKey = "The server does not know the key of the link.";

    /// <summary>Whether what a server says means that it does not know the key.</summary>
    public static bool IsRefusal(string error) => new NatsServerException(error).IsAuthError;

    /// <summary>The sequence that was expected is not the last: of 2.9 and later, of 2.11 and later.</summary>
    public static bool IsWrongSequence(ApiError error) => error.ErrCode is 10071 or 10164;

    /// <summary>A server of the cluster that would have to have a copy is away.</summary>
    public static bool IsPeerAway(ApiError error) => error.ErrCode == 10005 && error.Description?.Contains("offline", StringComparison.OrdinalIgnoreCase) == true;

    public static QueueException Of(ApiError error) => new(
        error switch
        {
            // A cluster that is short of servers, or has servers that are short of room.
            _ when IsPeerAway(error) => QueueFault.Unreachable,
            { ErrCode: 10005 } when error.Description?.Contains("storage", StringComparison.OrdinalIgnoreCase) == true => QueueFault.Full,

            // A cluster whose servers do not agree yet on who leads: stream or consumer.
            { ErrCode: 10118 or 10119 } => QueueFault.Unreachable,

            // Stream, consumer or message not found.
            { ErrCode: 10059 or 10014 or 10037 } => QueueFault.Gone,

            // Resources of the account or the server, memory, storage; a stream's own limits, or its disk.
            { ErrCode: 10002 or 10023 or 10028 or 10047 or 10077 or 10122 } => QueueFault.Full,

            // No JetStream for the account, or on the server.
            { ErrCode: 10039 or 10076 } => QueueFault.Unsuitable,
            { Code: 503 or 504 or 408 } => QueueFault.Unreachable,
            { Code: 401 or 403 } => QueueFault.Denied,
            { Code: 404 } => QueueFault.Gone,
            _ => QueueFault.Unsuitable,
        },
        $"The server says: {error.Description ?? "nothing"} ({error.ErrCode}).");

    /// <returns>Null for what is no matter of the server.</returns>
    public static QueueException? Of(Exception exception) => exception switch
    {
        NatsJSApiException api => Of(api.Error),
        NatsJSProtocolException { HeaderCode: 404 } e => new QueueException(QueueFault.Gone, "The server does not have it any more.", e),
        NatsJSProtocolException { HeaderMessage: NatsHeaders.Messages.ConsumerDeleted } e => new QueueException(QueueFault.Gone, "The server does not have it any more.", e),
        NatsConnectionFailedException e => new QueueException(QueueFault.Denied, "The server does not know the key of the link any more.", e),
        NatsPayloadTooLargeException e => new QueueException(QueueFault.Unsuitable, "The message is larger than the server takes.", e),
        _ when Chain(exception).OfType<NatsServerException>().FirstOrDefault() is { } refusal => new QueueException(
            refusal.IsAuthError ? QueueFault.Denied : QueueFault.Unreachable,
            refusal.IsAuthError ? UnknownKey : $"{refusal.Message}.",
            exception),
        _ when Chain(exception).OfType<AuthenticationException>().FirstOrDefault() is { } tls => new QueueException(QueueFault.Denied, $"The server did not prove who it is: {tls.Message}", exception),
        NatsException or SocketException or IOException or TimeoutException => new QueueException(QueueFault.Unreachable, $"The server does not answer: {exception.Message}", exception),
        _ => null,
    };

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}

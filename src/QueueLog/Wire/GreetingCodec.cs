using System.Text;
using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>The first frame in each direction.</summary>
internal static class GreetingCodec
{
    /// <summary>Version of the protocol. A listener accepts its own version only; the greeting of every version starts alike.</summary>
    public const byte Version = 4;

    private const byte WantsCaller = 1;
    private const byte WantsNoProperties = 2;
    private const int FlushLevelShift = 2;

    // magic = "QLOG", so that a stray client is known at its first frame
    private static ReadOnlySpan<byte> Magic => "QLOG"u8;

    // Hello = magic version:u8 pid:i32le process:text worker:text
    public static void WriteHello(ByteWriter output, ClientIdentity client)
    {
        var frame = output.BeginFrame(FrameType.Hello);
        output.WriteBytes(Magic);
        output.WriteByte(Version);
        output.WriteInt32(client.Pid);
        output.WriteText(client.Process);
        output.WriteText(client.WorkerUtf8.AsSpan());
        output.EndFrame(frame);
    }

    /// <exception cref="ProtocolException">Another protocol, another version, or nonsense.</exception>
    public static ClientIdentity ReadHello(Frame frame)
    {
        var reader = Open(frame, FrameType.Hello);
        var pid = reader.ReadInt32();
        var process = ReadString(ref reader);
        var worker = ReadString(ref reader);
        return new ClientIdentity(pid, process, worker.Length == 0 ? null : worker);
    }

    // Welcome = magic version:u8 pid:i32le process:text name:text logPath:text levels:u8
    //           journal:text capacity:i32le overflow:u8 keepFrom:u8 wants:u8        an empty journal: none is offered
    // wants   = WantsCaller | WantsNoProperties | flushLevel << 2; other bits are for later
    public static void WriteWelcome(ByteWriter output, ListenerIdentity listener)
    {
        var frame = output.BeginFrame(FrameType.Welcome);
        output.WriteBytes(Magic);
        output.WriteByte(Version);
        output.WriteInt32(listener.Pid);
        output.WriteText(listener.Process);
        output.WriteText(listener.Name);
        output.WriteText(listener.LogPath ?? "");
        output.WriteByte(new WantedLevels(listener.MinimumLevel, listener.WrittenLevel).ToByte());
        output.WriteText(listener.Journal?.Folder ?? "");
        output.WriteInt32(listener.Journal?.Capacity ?? 0);
        output.WriteByte((byte)(listener.Journal?.Overflow ?? 0));
        output.WriteByte((byte)(listener.Journal?.OverflowLevel ?? 0));
        output.WriteByte((byte)((listener.WantsCaller ? WantsCaller : 0) | (listener.WantsProperties ? 0 : WantsNoProperties) | ((int)listener.FlushLevel << FlushLevelShift)));
        output.EndFrame(frame);
    }

    /// <exception cref="ProtocolException">Another protocol, another version, or nonsense.</exception>
    public static ListenerIdentity ReadWelcome(Frame frame)
    {
        var reader = Open(frame, FrameType.Welcome);
        var pid = reader.ReadInt32();
        var process = ReadString(ref reader);
        var name = ReadString(ref reader);
        var path = ReadString(ref reader);
        var levels = WantedLevels.Of(reader.ReadByte());
        var offer = ReadOffer(ref reader);
        var wants = reader.ReadByte();
        return new ListenerIdentity(pid, process, name, path.Length == 0 ? null : path, levels.Taken, offer)
        {
            WrittenLevel = levels.Written > levels.Taken ? levels.Written : default,
            FlushLevel = (LogLevel)((wants >> FlushLevelShift) & 7),
            WantsCaller = (wants & WantsCaller) != 0,
            WantsProperties = (wants & WantsNoProperties) == 0,
        };
    }

    // Journal = path:text fault:text                   an empty path: there is none, for this reason
    public static void WriteJournal(ByteWriter output, string? path, string? fault)
    {
        var frame = output.BeginFrame(FrameType.Journal);
        output.WriteText(path ?? "");
        output.WriteText(fault ?? "");
        output.EndFrame(frame);
    }

    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static (string? Path, string? Fault) ReadJournal(Frame frame)
    {
        var reader = new SpanReader(frame.Payload.Span);
        var path = ReadString(ref reader);
        var fault = ReadString(ref reader);
        return (path.Length == 0 ? null : path, fault.Length == 0 ? null : fault);
    }

    // JournalAnswer = fault:text                       empty: the listener has the ring
    public static void WriteJournalAnswer(ByteWriter output, string? fault)
    {
        var frame = output.BeginFrame(FrameType.JournalAnswer);
        output.WriteText(fault ?? "");
        output.EndFrame(frame);
    }

    /// <returns>Why the listener cannot take the ring; null when it has it.</returns>
    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static string? ReadJournalAnswer(Frame frame)
    {
        var reader = new SpanReader(frame.Payload.Span);
        var fault = ReadString(ref reader);
        return fault.Length == 0 ? null : fault;
    }

    private static JournalOffer? ReadOffer(ref SpanReader reader)
    {
        var folder = ReadString(ref reader);
        var capacity = reader.ReadInt32();
        var overflow = (OverflowMode)reader.ReadByte();
        var keepFrom = (LogLevel)reader.ReadByte();
        if (folder.Length == 0)
        {
            return null;
        }

        return overflow <= OverflowMode.DropNewest && keepFrom <= LogLevel.Critical
            ? new JournalOffer(folder, capacity, overflow, keepFrom)
            : throw new ProtocolException("The listener offers a journal of an unknown kind.");
    }

    private static SpanReader Open(Frame frame, FrameType expected)
    {
        if (frame.Type != expected)
        {
            throw new ProtocolException($"The first frame is of type {(byte)frame.Type}; {expected} was expected.");
        }

        var reader = new SpanReader(frame.Payload.Span);
        if (!reader.Take(Magic.Length).SequenceEqual(Magic))
        {
            throw new ProtocolException("The first frame is not of QueueLog's protocol.");
        }

        var version = reader.ReadByte();
        return version == Version
            ? reader
            : throw new ProtocolException($"The other side speaks version {version} of the protocol, this one version {Version}: use the same version of the module on both sides.");
    }

    private static string ReadString(ref SpanReader reader) => Encoding.UTF8.GetString(reader.ReadText());
}

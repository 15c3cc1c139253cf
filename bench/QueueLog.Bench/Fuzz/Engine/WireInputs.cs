using System.Diagnostics.CodeAnalysis;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>Frames, and the first of them in each direction.</summary>
internal static class WireInputs
{
    private const int LongestText = 1000;
    private const int LengthPrefix = 4;

    private static readonly FrameType[] FrameTypes = Enum.GetValues<FrameType>();

    public static void WriteFrames(Random random, ByteWriter output)
    {
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            var frame = output.BeginFrame(FrameTypes[random.Next(FrameTypes.Length)]);
            output.WriteBytes(Sample.Bytes(random));
            output.EndFrame(frame);
        }
    }

    // As a connection does: whole frames are taken off, and what is left waits for the bytes that are said to be missing.
    public static void ReadFrames(byte[] input)
    {
        foreach (var limit in (ReadOnlySpan<int>)[ProtocolLimits.MaxFrameLength, ProtocolLimits.MaxGreetingLength])
        {
            ReadOnlyMemory<byte> received = input;
            var left = received.Length;
            while (FrameReader.TryRead(ref received, limit, out var frame, out var missing) || Expect(missing > 0 && missing <= limit + LengthPrefix))
            {
                Expect(received.Length == left - FrameReader.HeaderLength - frame.Payload.Length && frame.Payload.Length < limit && missing == 0);
                left = received.Length;
            }
        }
    }

    // No text is too long for a greeting together with the others.
    public static void WriteGreeting(Random random, ByteWriter output)
    {
        switch (random.Next(4))
        {
            case 0:
                GreetingCodec.WriteHello(output, new ClientIdentity(random.Next(), Short(Sample.Text(random)), Short(Sample.OptionalText(random))));
                break;
            case 1:
                var level = (LogLevel)random.Next((int)LogLevel.Critical + 1);
                GreetingCodec.WriteWelcome(output, new ListenerIdentity(random.Next(), Short(Sample.Text(random)), Short(Sample.Text(random)), Short(Sample.OptionalText(random)), level, Offer(random)));
                break;
            case 2:
                GreetingCodec.WriteJournalAnswer(output, Short(Sample.OptionalText(random)));
                break;
            default:
                GreetingCodec.WriteJournal(output, Short(Sample.OptionalText(random)), Short(Sample.OptionalText(random)));
                break;
        }
    }

    private static JournalOffer? Offer(Random random) => Sample.Bool(random)
        ? null
        : new JournalOffer("/" + Short(Sample.Text(random)), random.Next(), (OverflowMode)random.Next(3), (LogLevel)random.Next((int)LogLevel.Critical + 1));

    public static void ReadGreetings(byte[] input)
    {
        ReadOnlyMemory<byte> received = input;
        while (FrameReader.TryRead(ref received, ProtocolLimits.MaxGreetingLength, out var frame, out _))
        {
            _ = frame.Type switch
            {
                FrameType.Welcome => GreetingCodec.ReadWelcome(frame).Name,
                FrameType.Journal => GreetingCodec.ReadJournal(frame).Path,
                FrameType.JournalAnswer => GreetingCodec.ReadJournalAnswer(frame),
                _ => GreetingCodec.ReadHello(frame).Process,
            };
        }
    }

    [return: NotNullIfNotNull(nameof(text))]
    private static string? Short(string? text) => text is { Length: > LongestText } ? text[..LongestText] : text;

    private static bool Expect(bool condition) =>
        condition ? false : throw new InvalidOperationException("The decoder's answer contradicts its input.");
}

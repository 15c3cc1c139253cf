using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Which records a client is to hand over.</summary>
/// <param name="Taken">The lowest level that the client takes.</param>
/// <param name="Written">The lowest level that is written. What lies between the two the client holds back, until a record tells that it is wanted.</param>
// levels:u8 = Taken, or Taken | Written << 4 where the client is to hold something back
internal readonly record struct WantedLevels(LogLevel Taken, LogLevel Written)
{
    public byte ToByte() => (byte)((int)Taken | (Written > Taken ? (int)Written << 4 : 0));

    /// <exception cref="ProtocolException">Nonsense.</exception>
    public static WantedLevels Of(byte levels)
    {
        var (taken, written) = ((LogLevel)(levels & 0xF), (LogLevel)(levels >> 4));
        return taken <= LogLevel.Critical && written <= LogLevel.Critical && (written == 0 || written > taken)
            ? new WantedLevels(taken, written > taken ? written : taken)
            : throw new ProtocolException($"The listener asks for the unknown level {levels}.");
    }
}

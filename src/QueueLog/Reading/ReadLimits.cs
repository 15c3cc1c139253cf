using QueueLog.Wire;

namespace QueueLog.Reading;

/// <summary>What no file can make a reader exceed.</summary>
internal static class ReadLimits
{
    /// <summary>Bytes of the longest entry. What is longer is passed over: no record comes to so much but one of escapes and line breaks alone.</summary>
    public const int LongestEntry = 2 * ProtocolLimits.MaxRecordLength;

    /// <summary>Bytes of a line by which it can be told whether it begins an entry.</summary>
    public const int LineStart = 4096;
}

namespace QueueLog.Transport;

/// <summary>Why a pipe name cannot be used.</summary>
public enum PipeNameFault
{
    /// <summary>Empty, or only white space.</summary>
    Empty,

    /// <summary>It holds a path separator, a control character or another character no file name may have.</summary>
    IllegalCharacter,

    /// <summary>The socket path it leads to is longer than the system allows (107 bytes on Linux, 103 on macOS).</summary>
    TooLong,
}

namespace QueueLog.Wire;

/// <summary>How a value of the pipeline is encoded; the numbers are part of the protocol.</summary>
internal enum ValueKind : byte
{
    Null = 0,

    /// <summary>PowerShell's own serialization, for everything that has no kind of its own here.</summary>
    Clixml = 1,

    /// <summary>Text as UTF-8.</summary>
    Text = 2,

    /// <summary>Text with unpaired surrogates, as UTF-16, so that it arrives as it was.</summary>
    RawText = 3,

    True = 4,
    False = 5,
    Int32 = 6,
    Int64 = 7,
    Double = 8,
    Single = 9,
    Decimal = 10,
    Byte = 11,
    SByte = 12,
    Int16 = 13,
    UInt16 = 14,
    UInt32 = 15,
    UInt64 = 16,
    Char = 17,
    DateTime = 18,
    TimeSpan = 19,
    Guid = 20,
    Bytes = 21,

    /// <summary>A property bag: a <c>[pscustomobject]</c>, a row of Import-Csv.</summary>
    Object = 22,

    /// <summary>An array or a list.</summary>
    List = 23,
    Stack = 24,
    Queue = 25,
    Dictionary = 26,

    /// <summary>A simple value that has properties of its own, as the lines of Get-Content have.</summary>
    Noted = 27,

    /// <summary>An object that stands earlier in the same value.</summary>
    Reference = 28,

    /// <summary>An array or a list of numbers of one type.</summary>
    Block = 29,
}

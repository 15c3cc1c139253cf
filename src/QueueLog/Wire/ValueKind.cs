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

    BigInteger = 22,
    DateTimeOffset = 23,
    DateOnly = 24,
    TimeOnly = 25,
    Half = 26,
    Int128 = 27,
    UInt128 = 28,
    Index = 29,

    // From here on they are parts of a graph.

    /// <summary>A property bag: a <c>[pscustomobject]</c>, a row of Import-Csv.</summary>
    Object = 30,

    /// <summary>An array or a list.</summary>
    List = 31,

    /// <summary>An array or a list of numbers of one type.</summary>
    Block = 32,
    Stack = 33,
    Queue = 34,
    Dictionary = 35,

    /// <summary>A simple value that has properties of its own, as the lines of Get-Content have.</summary>
    Noted = 36,

    /// <summary>A value of an enumeration.</summary>
    Enum = 37,

    /// <summary>Any other object: its text and its properties, as the engine keeps them.</summary>
    Flattened = 38,

    /// <summary>An object that stands earlier in the same value.</summary>
    Reference = 39,
}

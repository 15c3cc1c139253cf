using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace QueueLog.Wire;

/// <summary>Numbers of one type, which travel as they lie in memory.</summary>
internal static class ValueBlock
{
    /// <summary>Finds the numbers of an array or a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="kind">The kind of each of them.</param>
    /// <param name="bytes">All of them, little endian; they lie in the list.</param>
    /// <returns>False when it is another list.</returns>
    public static bool TryGet(object list, out ValueKind kind, out ReadOnlySpan<byte> bytes)
    {
        // By the very type: to the runtime an array of enumeration values, or of unsigned numbers, is one of signed numbers too.
        var type = list.GetType();
        bytes = default;
        kind = type.IsSZArray ? KindOf(type.GetElementType()!)
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? KindOf(type.GenericTypeArguments[0])
            : ValueKind.Null;
        bytes = kind switch
        {
            ValueKind.Int32 => Bytes<int>(list),
            ValueKind.Int64 => Bytes<long>(list),
            ValueKind.Double => Bytes<double>(list),
            ValueKind.Single => Bytes<float>(list),
            ValueKind.Int16 => Bytes<short>(list),
            ValueKind.UInt16 => Bytes<ushort>(list),
            ValueKind.UInt32 => Bytes<uint>(list),
            ValueKind.UInt64 => Bytes<ulong>(list),
            ValueKind.SByte => Bytes<sbyte>(list),
            ValueKind.Char => Bytes<char>(list),
            _ => default,
        };
        return kind != ValueKind.Null;
    }

    /// <summary>How many bytes a number takes.</summary>
    /// <exception cref="ProtocolException">There are no blocks of this kind.</exception>
    public static int SizeOf(ValueKind kind) => kind switch
    {
        ValueKind.Int64 or ValueKind.Double or ValueKind.UInt64 => 8,
        ValueKind.Int32 or ValueKind.Single or ValueKind.UInt32 => 4,
        ValueKind.Int16 or ValueKind.UInt16 or ValueKind.Char => 2,
        ValueKind.SByte => 1,
        _ => throw new ProtocolException($"A block has elements of kind {kind}."),
    };

    /// <summary>The numbers of a block, each as an object.</summary>
    public static ArrayList Read(ValueKind kind, ReadOnlySpan<byte> bytes) => kind switch
    {
        ValueKind.Int32 => ToList<int>(bytes),
        ValueKind.Int64 => ToList<long>(bytes),
        ValueKind.Double => ToList<double>(bytes),
        ValueKind.Single => ToList<float>(bytes),
        ValueKind.Int16 => ToList<short>(bytes),
        ValueKind.UInt16 => ToList<ushort>(bytes),
        ValueKind.UInt32 => ToList<uint>(bytes),
        ValueKind.UInt64 => ToList<ulong>(bytes),
        ValueKind.SByte => ToList<sbyte>(bytes),
        _ => ToList<char>(bytes),
    };

    private static ValueKind KindOf(Type element) => element.IsEnum ? ValueKind.Null : Type.GetTypeCode(element) switch
    {
        TypeCode.Int32 => ValueKind.Int32,
        TypeCode.Int64 => ValueKind.Int64,
        TypeCode.Double => ValueKind.Double,
        TypeCode.Single => ValueKind.Single,
        TypeCode.Int16 => ValueKind.Int16,
        TypeCode.UInt16 => ValueKind.UInt16,
        TypeCode.UInt32 => ValueKind.UInt32,
        TypeCode.UInt64 => ValueKind.UInt64,
        TypeCode.SByte => ValueKind.SByte,
        TypeCode.Char => ValueKind.Char,
        _ => ValueKind.Null,
    };

    private static ReadOnlySpan<byte> Bytes<T>(object list) where T : unmanaged
    {
        var numbers = list is T[] array ? array.AsSpan() : CollectionsMarshal.AsSpan((List<T>)list);
        return numbers.Length <= ProtocolLimits.MaxValueLength / Unsafe.SizeOf<T>() ? MemoryMarshal.AsBytes(numbers) : throw new OutOfMemoryException();
    }

    private static ArrayList ToList<T>(ReadOnlySpan<byte> bytes) where T : unmanaged
    {
        var numbers = MemoryMarshal.Cast<byte, T>(bytes);
        var list = new ArrayList(numbers.Length);
        foreach (var number in numbers)
        {
            list.Add(number);
        }

        return list;
    }
}

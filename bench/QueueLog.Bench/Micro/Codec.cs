using BenchmarkDotNet.Attributes;
using QueueLog.Wire;

namespace QueueLog.Bench.Micro;

/// <summary>Walking what a record carries besides its message: the listener does this for every record with properties.</summary>
[MemoryDiagnoser]
public class Codec
{
    private const int VarInts = 1_000;

    private readonly byte[] numbers = new byte[5 * VarInts];
    private byte[] properties = [];

    /// <summary>Three properties, one of each size that matters.</summary>
    [GlobalSetup]
    public void Encode()
    {
        properties =
        [
            4, .. "Item"u8, (byte)PropertyKind.Integer, 3, 0, 0, 0, 0, 0, 0, 0,
            4, .. "Name"u8, (byte)PropertyKind.Text, 9, .. "customers"u8,
            4, .. "Done"u8, (byte)PropertyKind.Boolean, 1,
        ];
        for (var i = 0; i < VarInts; i++)
        {
            // 300 in two bytes, least significant first.
            numbers[2 * i] = 0xAC;
            numbers[(2 * i) + 1] = 0x02;
        }
    }

    /// <summary>The properties of one record.</summary>
    [Benchmark]
    public int ThreeProperties()
    {
        var length = 0;
        var reader = new PropertyReader(properties);
        while (reader.Read())
        {
            length += reader.Name.Length + reader.Text.Length;
        }

        return length;
    }

    /// <summary>One length prefix.</summary>
    [Benchmark(OperationsPerInvoke = VarInts)]
    public int VarInt()
    {
        var sum = 0;
        var reader = new SpanReader(numbers);
        for (var i = 0; i < VarInts; i++)
        {
            sum += reader.ReadVarInt();
        }

        return sum;
    }
}

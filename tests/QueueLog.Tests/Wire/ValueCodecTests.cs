using QueueLog.Wire;

namespace QueueLog.Tests.Wire;

public sealed class ValueCodecTests
{
    public static TheoryData<object?> Values => new((object?[])
    [
        null,
        true,
        false,
        "",
        "plain",
        "ä€😀",
        "\0\r\n",
        "\ud800 alone",
        int.MinValue,
        long.MaxValue,
        double.NaN,
        -0.0,
        1.5f,
        decimal.MaxValue,
        1.10m,
        byte.MaxValue,
        sbyte.MinValue,
        short.MinValue,
        ushort.MaxValue,
        uint.MaxValue,
        ulong.MaxValue,
        'x',
        '\uffff',
        new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc),
        new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Unspecified),
        new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Local),
        TimeSpan.MinValue,
        Guid.Parse("6f0c2f0b-5d0a-4b7e-9d55-0f3d0a2c7e61"),
        new byte[] { 0, 1, 255 },
    ]);

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_comes_back_as_it_was(object? value)
    {
        var bytes = Encode(value);
        var decoded = ValueCodec.Read(bytes, out var clixml);
        Assert.Null(clixml);
        Assert.Equal(value, decoded);
        Assert.Equal(value?.GetType(), decoded?.GetType());
        if (value is DateTime date)
        {
            Assert.Equal(date.Kind, ((DateTime)decoded!).Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void One_byte_short_it_is_refused_or_another_value(object? value)
    {
        var bytes = Encode(value);
        try
        {
            var decoded = ValueCodec.Read(bytes.AsSpan(0, bytes.Length - 1), out _);
            Assert.NotEqual(value, decoded);
        }
        catch (ProtocolException)
        {
        }
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 99 })]
    [InlineData(new byte[] { (byte)ValueKind.Null, 0 })]
    [InlineData(new byte[] { (byte)ValueKind.Int32, 1, 2, 3, 4, 5 })]
    [InlineData(new byte[] { (byte)ValueKind.RawText, 1 })]
    [InlineData(new byte[] { (byte)ValueKind.Decimal, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255 })]
    public void Garbage_is_refused(byte[] bytes) => Assert.Throws<ProtocolException>(() => ValueCodec.Read(bytes, out _));

    [Fact]
    public void Everything_else_is_left_to_the_engine()
    {
        var writer = new ByteWriter();
        Assert.False(ValueCodec.TryWrite(writer, DayOfWeek.Friday));
        Assert.False(ValueCodec.TryWrite(writer, (int[])[1, 2]));
        Assert.False(ValueCodec.TryWrite(writer, new object()));
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void Clixml_is_handed_out_as_text()
    {
        var writer = new ByteWriter();
        ValueCodec.WriteClixml(writer, "<Objs/>");
        Assert.Null(ValueCodec.Read(writer.Written, out var clixml));
        Assert.Equal("<Objs/>", clixml);
    }

    private static byte[] Encode(object? value)
    {
        var writer = new ByteWriter();
        Assert.True(ValueCodec.TryWrite(writer, value));
        return writer.Written.ToArray();
    }
}

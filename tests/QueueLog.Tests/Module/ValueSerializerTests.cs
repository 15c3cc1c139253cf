using QueueLog.PowerShell;
using QueueLog.PowerShell.Session;
using QueueLog.Wire;

namespace QueueLog.Tests.Module;

public sealed class ValueSerializerTests
{
    [Theory]
    [InlineData("<TS>P20000000D</TS>")]
    [InlineData("<SS>0</SS>")]
    [InlineData("<I32>one</I32>")]
    [InlineData("<Obj")]
    public void A_value_that_the_engine_cannot_read_is_the_protocols_error(string element)
    {
        var writer = new ByteWriter(64);
        ValueCodec.WriteClixml(writer, $"<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">{element}</Objs>");
        Assert.Throws<ProtocolException>(() => ValueSerializer.Read(writer.Written));
    }
}

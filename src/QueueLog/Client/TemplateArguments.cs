using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>Values for the holes of a message, in order: as objects, or as they are where no object shall be made of them.</summary>
internal readonly ref struct TemplateArguments
{
    private readonly ReadOnlySpan<object?> objects;
    private readonly ReadOnlySpan<TemplateArgument> values;

    private TemplateArguments(ReadOnlySpan<object?> objects) => this.objects = objects;

    public TemplateArguments(ReadOnlySpan<TemplateArgument> values) => this.values = values;

    public int Length => objects.Length + values.Length;

    public bool IsEmpty => Length == 0;

    public static implicit operator TemplateArguments(ReadOnlySpan<object?> objects) => new(objects);

    public static implicit operator TemplateArguments(object?[]? objects) => new(objects);

    /// <summary>Appends the text of the value that fills a hole; see <see cref="ValueText"/>.</summary>
    public void AppendText(ByteWriter output, int index, MessageTemplate.Part hole)
    {
        if (!values.IsEmpty && values[index] is { IsNumber: true } number)
        {
            ValueText.Append(output, number.Number, hole.Format, hole.Alignment);
        }
        else
        {
            ValueText.Append(output, CapturedValue.Of(ObjectAt(index), hole.Capture), hole.Format, hole.Alignment);
        }
    }

    /// <summary>Writes a value as a property.</summary>
    public void WriteProperty(ByteWriter output, int index, ReadOnlySpan<byte> name, Capture capture)
    {
        if (!values.IsEmpty && values[index] is { IsNumber: true } number)
        {
            RecordCodec.WriteProperty(output, name, number.Number);
        }
        else
        {
            RecordCodec.WriteProperty(output, name, CapturedValue.Of(ObjectAt(index), capture));
        }
    }

    private object? ObjectAt(int index) => values.IsEmpty ? objects[index] : values[index].Object;
}

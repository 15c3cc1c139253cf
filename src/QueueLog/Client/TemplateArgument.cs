namespace QueueLog.Client;

/// <summary>A value for a hole. A whole number is kept as it is, so that a loop which logs one allocates nothing.</summary>
internal readonly struct TemplateArgument
{
    private TemplateArgument(long number)
    {
        Number = number;
        IsNumber = true;
    }

    private TemplateArgument(object? value) => Object = value;

    public bool IsNumber { get; }

    public long Number { get; }

    /// <summary>Any other value, or null.</summary>
    public object? Object { get; }

    // The tests of the type are decided where this is compiled for it, and the casts make no object then.
    public static TemplateArgument Of<T>(T value, LoggerEngine? engine) =>
        typeof(T) == typeof(int) ? new TemplateArgument((int)(object)value!)
        : typeof(T) == typeof(long) ? new TemplateArgument((long)(object)value!)
        : new TemplateArgument(engine is null ? value : engine.ToValue(value));
}

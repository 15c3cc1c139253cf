using System.Reflection;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>Values as the hole says that they are to be kept.</summary>
internal static class CapturedValue
{
    // An object's properties may be objects, which may hold the first one.
    private const int MaxDepth = 4;
    private const int MaxMembers = 64;

    public static object? Of(object? value, Capture capture) => capture switch
    {
        Capture.Members => Members(value, MaxDepth),
        Capture.Text when value is not null => ValueText.Of(value),
        _ => value,
    };

    private static object? Members(object? value, int depth)
    {
        if (value is null or string or Exception or Delegate or Type or MemberInfo
            || value is IFormattable or IConvertible
            || StructureCodec.IsStructure(value)
            || depth == 0)
        {
            return value;
        }

        var members = new List<LogProperty>();
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.CanRead && property.GetIndexParameters().Length == 0 && members.Count < MaxMembers)
            {
                members.Add(new LogProperty(property.Name, Members(Read(property, value), depth - 1)));
            }
        }

        return members.Count == 0 ? value : new LogProperties(members);
    }

    private static object? Read(PropertyInfo property, object value)
    {
        try
        {
            return property.GetValue(value);
        }
        catch (TargetInvocationException e)
        {
            return $"({e.InnerException?.GetType().Name})";
        }
    }
}

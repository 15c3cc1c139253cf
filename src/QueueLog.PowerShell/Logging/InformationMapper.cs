using System.Management.Automation;
using QueueLog.PowerShell.Session;
using QueueLog.Records;

namespace QueueLog.PowerShell.Logging;

/// <summary>Records of the information stream to what crosses of them, and back.</summary>
internal static class InformationMapper
{
    public static WorkInformation ToWork(InformationRecord record)
    {
        var message = record.MessageData is PSObject wrapped ? wrapped.BaseObject : record.MessageData;
        var host = message as HostInformationMessage;
        return new WorkInformation
        {
            Message = ToBytes(host is null ? record.MessageData : host.Message),
            IsHostMessage = host is not null,
            Foreground = host?.ForegroundColor is { } foreground ? (int)foreground : -1,
            Background = host?.BackgroundColor is { } background ? (int)background : -1,
            NoNewLine = host?.NoNewLine ?? false,
            Source = record.Source ?? "",
            Tags = record.Tags.ToArray(),
            User = record.User ?? "",
            Computer = record.Computer ?? "",
            ProcessId = (int)record.ProcessId,
            UtcTicks = record.TimeGenerated.ToUniversalTime().Ticks,
        };
    }

    public static InformationRecord ToRecord(WorkInformation information)
    {
        var message = ValueSerializer.Read(information.Message);
        if (information.IsHostMessage)
        {
            message = new HostInformationMessage
            {
                Message = message as string ?? "",
                ForegroundColor = information.Foreground < 0 ? null : (ConsoleColor)information.Foreground,
                BackgroundColor = information.Background < 0 ? null : (ConsoleColor)information.Background,
                NoNewLine = information.NoNewLine,
            };
        }

        var record = new InformationRecord(message, information.Source)
        {
            User = information.User,
            Computer = information.Computer,
            ProcessId = (uint)information.ProcessId,
            TimeGenerated = new DateTime(Math.Clamp(information.UtcTicks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc).ToLocalTime(),
        };
        record.Tags.AddRange(information.Tags);
        return record;
    }

    /// <summary>A line that a worker wrote past its streams.</summary>
    public static InformationRecord ToRecord(string worker, bool isError, string line)
    {
        var record = new InformationRecord(line, worker);
        record.Tags.Add(isError ? "stderr" : "stdout");
        return record;
    }

    private static byte[] ToBytes(object? message)
    {
        try
        {
            return ValueSerializer.ToBytes(message);
        }
        catch (ValueNotSerializableException)
        {
            return ValueSerializer.ToBytes(message?.ToString());
        }
    }
}

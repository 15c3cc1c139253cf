using System.Management.Automation;

namespace QueueLog.Host.Prelude.Streams;

[Cmdlet(VerbsCommunications.Write, "Error", DefaultParameterSetName = "NoException")]
public sealed class WriteErrorCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "NoException", Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = "WithException")]
    [AllowNull]
    [AllowEmptyString]
    [Alias("Msg")]
    public string? Message { get; set; }

    [Parameter(ParameterSetName = "WithException", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Exception? Exception { get; set; }

    [Parameter(ParameterSetName = "ErrorRecord", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public ErrorRecord? ErrorRecord { get; set; }

    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public ErrorCategory Category { get; set; } = ErrorCategory.NotSpecified;

    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public string? ErrorId { get; set; }

    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public object? TargetObject { get; set; }

    [Parameter]
    public string? RecommendedAction { get; set; }

    [Parameter]
    [Alias("Activity")]
    public string? CategoryActivity { get; set; }

    [Parameter]
    [Alias("Reason")]
    public string? CategoryReason { get; set; }

    [Parameter]
    public string? CategoryTargetName { get; set; }

    [Parameter]
    public string? CategoryTargetType { get; set; }

    protected override void ProcessRecord()
    {
        var record = ErrorRecord is null ? NewRecord() : new ErrorRecord(ErrorRecord, null);
        record.CategoryInfo.Activity = CategoryActivity ?? record.CategoryInfo.Activity;
        record.CategoryInfo.Reason = CategoryReason ?? record.CategoryInfo.Reason;
        record.CategoryInfo.TargetName = CategoryTargetName ?? record.CategoryInfo.TargetName;
        record.CategoryInfo.TargetType = CategoryTargetType ?? record.CategoryInfo.TargetType;
        if (RecommendedAction is not null)
        {
            record.ErrorDetails = new ErrorDetails(record.ErrorDetails?.Message ?? record.Exception.Message)
            {
                RecommendedAction = RecommendedAction,
            };
        }

        // The error is the caller's: it stands where the script is, not in here.
        if (GetVariableValue("MyInvocation") is InvocationInfo caller)
        {
            EngineInternals.PlaceAt(record, caller);
            record.CategoryInfo.Activity = CategoryActivity ?? "Write-Error";
        }

        WriteError(record);
    }

    private ErrorRecord NewRecord()
    {
        var exception = Exception ?? new Microsoft.PowerShell.Commands.WriteErrorException(Message);
        var record = new ErrorRecord(exception, ErrorId ?? exception.GetType().FullName, Category, TargetObject);
        if (Exception is not null && !string.IsNullOrEmpty(Message))
        {
            record.ErrorDetails = new ErrorDetails(Message);
        }

        return record;
    }
}

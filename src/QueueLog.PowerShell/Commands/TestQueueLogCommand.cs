using System.Management.Automation;
using QueueLog.Formatting;
using QueueLog.Reading;
using QueueLog.Reading.Checks;

namespace QueueLog.PowerShell.Commands;

/// <summary>Tells whether logs are complete and in order: an object for each process, and one for each file.</summary>
[Cmdlet(VerbsDiagnostic.Test, "QueueLog", DefaultParameterSetName = "Path")]
[OutputType(typeof(CheckResult), typeof(bool))]
public sealed class TestQueueLogCommand : QueueLogCommand
{
    private readonly List<string> logs = [];
    private bool isMissing;

    /// <summary>Logs: files, wildcards, folders, or paths with tokens. Default: the log of the session's listener.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Logs whose paths are taken as they stand.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>The template of entries in Text whose file does not name it.</summary>
    [Parameter]
    public string? Template { get; set; }

    /// <summary>Only true or false: whether everything is there, once and in order, or the log tells what is not.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Gathers the logs.</summary>
    protected override void ProcessRecord()
    {
        foreach (var path in LiteralPath ?? Path ?? [])
        {
            var found = LogArgument.Resolve(this, path, isLiteral: LiteralPath is not null, mayBeMissing: false).ToArray();
            isMissing |= found.Length == 0;
            logs.AddRange(found);
        }
    }

    /// <summary>Checks them.</summary>
    protected override void EndProcessing()
    {
        if (Path is null && LiteralPath is null && !MyInvocation.ExpectingInput)
        {
            logs.AddRange(LogArgument.OfSession(this));
        }

        var query = new LogQuery
        {
            Template = LogArgument.CheckedTemplate(this, Template),
            Report = problem => WriteError(Errors.Of(problem)),
            Cancellation = Cancellation,
        };
        var isGood = !isMissing;
        try
        {
            foreach (var log in logs.Distinct())
            {
                isGood &= Check(log, query);
            }
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        if (Quiet)
        {
            WriteObject(isGood);
        }
    }

    private bool Check(string log, LogQuery query)
    {
        var results = new LogCheck(log, query).Run().ToArray();
        if (!Quiet)
        {
            WriteObject(results, enumerateCollection: true);
        }

        return results.All(result => result.Status is CheckStatus.Complete or CheckStatus.Explained);
    }
}

using System.Diagnostics;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Processes;

/// <summary>A command on processes: by number, by name with wildcards, or the objects themselves.</summary>
public abstract class ProcessCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "Id", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PID")]
    public int[]? Id { get; set; }

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public Process[]? InputObject { get; set; }

    /// <summary>Where a command takes names, and at which position, is its own.</summary>
    protected abstract string[]? Names { get; }

    /// <summary>Not finding one is an error, and the others are still found.</summary>
    protected IEnumerable<Process> Find()
    {
        foreach (var process in InputObject ?? [])
        {
            yield return process;
        }

        foreach (var id in Id ?? [])
        {
            if (TryGet(id) is { } process)
            {
                yield return process;
            }
            else
            {
                NotFound($"Cannot find a process with the process identifier {id}.", "NoProcessFoundForGivenId", id);
            }
        }

        foreach (var name in Names ?? [])
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = Process.GetProcesses().Where(process => pattern.IsMatch(process.ProcessName)).ToArray();
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                NotFound($"Cannot find a process with the name '{name}'.", "NoProcessFoundForGivenName", name);
            }

            foreach (var process in found)
            {
                yield return process;
            }
        }
    }

    private static Process? TryGet(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private void NotFound(string message, string errorId, object target) =>
        WriteError(new ErrorRecord(new ItemNotFoundException(message), errorId, ErrorCategory.ObjectNotFound, target));
}

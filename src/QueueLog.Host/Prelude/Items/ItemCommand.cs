using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

/// <summary>A command on items of any provider, by path with wildcards or without.</summary>
public abstract class ItemCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public virtual string[]? Path { get; set; }

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    protected bool IsLiteral => LiteralPath is not null;

    /// <summary>The paths as given; the current location when there are none.</summary>
    protected string[] Paths => LiteralPath ?? Path ?? ["."];

    /// <summary>One bad item is an error like any other; the command goes on with the next.</summary>
    protected void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (RuntimeException failure) when (failure is not PipelineStoppedException)
        {
            WriteError(new ErrorRecord(failure.ErrorRecord, failure));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            WriteError(new ErrorRecord(failure, failure.GetType().Name, ErrorCategory.WriteError, Paths));
        }
    }

    /// <summary>The files on disk that a path stands for.</summary>
    protected IEnumerable<string> Files(string path)
    {
        if (IsLiteral)
        {
            return [SessionState.Path.GetUnresolvedProviderPathFromPSPath(path)];
        }

        var found = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
        return provider.Name == "FileSystem"
            ? found
            : throw new PSNotSupportedException($"The embedded engine reads and writes the content of files only, not of {provider.Name}.");
    }
}

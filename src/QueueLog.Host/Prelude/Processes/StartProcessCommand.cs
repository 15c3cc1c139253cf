using System.Collections;
using System.Diagnostics;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Processes;

[Cmdlet(VerbsLifecycle.Start, "Process")]
public sealed class StartProcessCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopped = new();

    [Parameter(Position = 0, Mandatory = true)]
    [Alias("PSPath", "Path")]
    public string FilePath { get; set; } = string.Empty;

    /// <summary>Joined with spaces, as in pwsh: an argument with spaces needs quotes of its own.</summary>
    [Parameter(Position = 1)]
    [Alias("Args")]
    public string[] ArgumentList { get; set; } = [];

    [Parameter]
    public string? WorkingDirectory { get; set; }

    [Parameter]
    public IDictionary? Environment { get; set; }

    [Parameter]
    public string? RedirectStandardInput { get; set; }

    [Parameter]
    public string? RedirectStandardOutput { get; set; }

    [Parameter]
    public string? RedirectStandardError { get; set; }

    /// <summary>There is only one console; accepted for scripts that ask for it.</summary>
    [Parameter]
    [Alias("nnw")]
    public SwitchParameter NoNewWindow { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    public void Dispose() => _stopped.Dispose();

    protected override void EndProcessing()
    {
        var process = new Process { StartInfo = StartInfo() };
        process.Start();

        // Without the handle the exit code is gone with the process.
        _ = process.SafeHandle;
        var transfers = Task.WhenAll(
            Transfer(RedirectStandardOutput, file => process.StandardOutput.BaseStream.CopyToAsync(file)),
            Transfer(RedirectStandardError, file => process.StandardError.BaseStream.CopyToAsync(file)),
            Feed(process));
        if (PassThru)
        {
            WriteObject(process);
        }

        if (Wait)
        {
            process.WaitForExitAsync(_stopped.Token).GetAwaiter().GetResult();
            transfers.Wait(_stopped.Token);
        }
    }

    protected override void StopProcessing() => _stopped.Cancel();

    private ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo(Program(), string.Join(' ', ArgumentList))
        {
            UseShellExecute = false,
            WorkingDirectory = Resolve(WorkingDirectory ?? SessionState.Path.CurrentFileSystemLocation.ProviderPath),
            RedirectStandardInput = RedirectStandardInput is not null,
            RedirectStandardOutput = RedirectStandardOutput is not null,
            RedirectStandardError = RedirectStandardError is not null,
        };
        foreach (DictionaryEntry entry in Environment ?? new Hashtable())
        {
            info.Environment[entry.Key.ToString()!] = entry.Value?.ToString();
        }

        return info;
    }

    /// <summary>A command by its name, or a file relative to the session's location.</summary>
    private string Program() => InvokeCommand.GetCommand(FilePath, CommandTypes.Application) is ApplicationInfo { Path: var path }
        ? path
        : Resolve(FilePath);

    private string Resolve(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    private async Task Transfer(string? path, Func<FileStream, Task> copy)
    {
        if (path is not null)
        {
            // Unbuffered, so that the file can be read while the process runs.
            var file = new FileStream(Resolve(path), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0, useAsync: true);
            await using (file)
            {
                await copy(file);
            }
        }
    }

    private async Task Feed(Process process)
    {
        if (RedirectStandardInput is not null)
        {
            await using var file = File.OpenRead(Resolve(RedirectStandardInput));
            await file.CopyToAsync(process.StandardInput.BaseStream);
            process.StandardInput.Close();
        }
    }
}

using System.Diagnostics;

namespace QueueLog.Tests.Support;

/// <summary>A program in Python that can import the handler; ended with the test, however that ends.</summary>
internal sealed class PythonProgram : IDisposable
{
    private const string Prologue = "import logging, logging.config, logging.handlers, os, sys, time, queuelog\n";

    // Generous, because the machines that run the tests are busy; nothing waits this long unless it hangs.
    private readonly Process process;
    private readonly CancellationTokenSource deadline = new(TestTimeout.Limit);

    private PythonProgram(Process process) => this.process = process;

    /// <summary>Folder of the handler.</summary>
    public static string Client { get; } = Path.Combine(Repository.Root, "clients", "python");

    public int Id => process.Id;

    public static void SkipUnlessThere() => Assert.SkipUnless(PythonScript.IsThere, "python3 is not installed.");

    /// <summary>Starts a program that the test will speak to, or end.</summary>
    /// <param name="folder">Where its file is put, and where it runs.</param>
    /// <param name="address">The listener it inherits; null for none.</param>
    /// <param name="text">The program; logging and the handler are imported.</param>
    public static PythonProgram Start(TempFolder folder, string? address, string text)
    {
        SkipUnlessThere();
        var path = folder.Combine("program.py");
        File.WriteAllText(path, Prologue + text);
        var start = new ProcessStartInfo(PythonScript.Name, [path])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = Client;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        start.Environment.Remove("QUEUELOG_PIPE");
        start.Environment.Remove("QUEUELOG_PROCESS");
        if (address is not null)
        {
            start.Environment["QUEUELOG_PIPE"] = address;
        }

        return new PythonProgram(Process.Start(start)!);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<PwshResult> RunAsync(TempFolder folder, string? address, string text)
    {
        using var program = Start(folder, address, text);
        return await program.CompleteAsync();
    }

    /// <summary>Runs a program that must succeed and write nothing to standard error.</summary>
    /// <returns>The lines it wrote.</returns>
    public static async Task<string[]> RunWellAsync(TempFolder folder, string? address, string text)
    {
        var result = await RunAsync(folder, address, text);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        return result.Lines;
    }

    /// <summary>The next line it writes, as soon as it does.</summary>
    public async Task<string?> HearAsync() => await process.StandardOutput.ReadLineAsync(deadline.Token);

    /// <summary>Writes a line to its standard input.</summary>
    public async Task SendAsync(string line = "")
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
    }

    public void Kill() => process.Kill();

    public async Task<PwshResult> CompleteAsync()
    {
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return new PwshResult(process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
        deadline.Dispose();
    }
}

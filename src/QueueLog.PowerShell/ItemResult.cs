using System.Management.Automation;
using QueueLog.Records;

namespace QueueLog.PowerShell;

/// <summary>All that is known of one item of a pool: what <c>-AsResult</c> gives.</summary>
public sealed class ItemResult
{
    internal ItemResult(long index, object? input, ItemStatus status)
    {
        Index = index;
        Input = input;
        Status = status;
    }

    /// <summary>0-based position in the input.</summary>
    public long Index { get; }

    /// <summary>The input, as it was given.</summary>
    public object? Input { get; }

    /// <summary>How it ended.</summary>
    public ItemStatus Status { get; }

    /// <summary>What its last attempt gave.</summary>
    public object?[] Output { get; internal init; } = [];

    /// <summary>That as one text, with a line for each output.</summary>
    public string OutputText => string.Join(Environment.NewLine, Output.Select(Logging.OutputText.Of));

    /// <summary>Its errors; when something ended it before its end, that is the last of them.</summary>
    public ErrorRecord[] Errors { get; internal init; } = [];

    /// <summary>The text of the first of its errors; null when it has none.</summary>
    public string? Error => Errors.Length == 0 ? null : Errors[0].ToString();

    /// <summary>Its warnings, and why it was tried again.</summary>
    public string[] Warnings { get; internal init; } = [];

    /// <summary>Its information records, those of Write-Host included.</summary>
    public InformationRecord[] Information { get; internal init; } = [];

    /// <summary>Which attempt was the last: 1, 2 and so on; 0 when it was never begun.</summary>
    public int Attempt { get; internal init; }

    /// <summary>Name of the worker that had it last; empty when it was never begun.</summary>
    public string Worker { get; internal init; } = "";

    /// <summary>Process id of that worker; 0 when it was never begun.</summary>
    public int Pid { get; internal init; }

    /// <summary>When it was read from the input.</summary>
    public DateTimeOffset Queued { get; internal init; }

    /// <summary>When its last attempt began; null when it was never begun, or that is not known.</summary>
    public DateTimeOffset? Started { get; internal init; }

    /// <summary>When its last attempt ended; null when it was never begun.</summary>
    public DateTimeOffset? Ended { get; internal init; }

    /// <summary>How long its last attempt took; null when it was never begun, or that is not known.</summary>
    public TimeSpan? Duration { get; internal init; }

    /// <summary>The last exit code of a program that it ran, its own by <c>exit</c>, or that of its worker's process where this ended while it ran; null for none.</summary>
    public int? ExitCode { get; internal init; }

    /// <summary>Index and status, and its first error where it failed: <c>7 Failed: no such file</c>.</summary>
    public override string ToString() =>
        Status is ItemStatus.Completed or ItemStatus.Stopped or ItemStatus.Skipped || Errors.Length == 0 ? $"{Index} {Status}" : $"{Index} {Status}: {Error}";
}

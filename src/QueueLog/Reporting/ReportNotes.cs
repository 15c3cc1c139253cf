using System.Globalization;
using QueueLog.Pool.JobLog;
using QueueLog.Reading;

namespace QueueLog.Reporting;

/// <summary>What a reader of the report has to know of it: what is missing, thinned out or odd.</summary>
internal sealed class ReportNotes
{
    // A log may have any number of entries that are too long.
    private const int MostProblems = 100;

    private readonly List<string> notes = [];
    private long problems;

    public IReadOnlyList<string> All => notes;

    public void JobLog(string path, long items, JobLogReader reader)
    {
        var name = Path.GetFileName(path);
        AddIf(items == 0, $"The job log {name} tells of no item.");
        AddIf(reader.BadLines > 0, $"{reader.BadLines:N0} lines of the job log {name} are cut or not of a job log. They are left out.");
        AddIf(reader.Failure is not null, $"The rest of the job log {name} cannot be read: {reader.Failure?.Message}");
    }

    public void Run(ReportOptions options, ItemIntake jobs, RecordIntake records, IReadOnlyCollection<ReportItem> fromLog, long from, long to)
    {
        AddIf(problems > MostProblems, $"{problems - MostProblems:N0} more entries or files of the log cannot be read.");
        Missing(options, jobs, records, fromLog);
        Thinned(options, jobs, records);
        Odd(jobs, records, from, to);
    }

    /// <summary>What the reading of a log has met.</summary>
    public void Log(ReadProblem problem)
    {
        if (++problems > MostProblems)
        {
            return;
        }

        var name = Path.GetFileName(problem.Path);
        notes.Add(problem.Fault switch
        {
            ReadFault.Unreadable => $"The log file {name} cannot be read: {problem.Cause?.Message}",
            ReadFault.EntryTooLong => $"An entry of the log file {name} is too long and left out.",
            _ => $"The rest of the log file {name} cannot be read: {problem.Cause?.Message}",
        });
    }

    private void Missing(ReportOptions options, ItemIntake jobs, RecordIntake records, IReadOnlyCollection<ReportItem> fromLog)
    {
        if (options.Logs.Count == 0)
        {
            notes.Add("Made without the log: there are no records, no births and deaths of processes, and of an item that was retried only its last attempt.");
        }
        else if (records.Count == 0)
        {
            notes.Add("The log has no records.");
        }
        else if (options.JobLogs.Count == 0)
        {
            notes.Add(records.ShowsItems
                ? "Made without the job log: each bar reaches from an item's first record to its last. Exit codes, most inputs and items without a record are not known, and how an item ended only where the log says it, at the level Debug for those that completed."
                : "Made without the job log, and the log shows no items, so there are no bars. Start the listener with -Format Json, or with {Worker}, {Item} and {Pid} in its -Template, and the run with -JobLog.");
        }
        else
        {
            var unfinished = fromLog.Count(item => item.Status == ReportStatus.Unfinished);
            AddIf(unfinished > 0, $"{unfinished:N0} items are in the log and not in the job log: they had not ended, their lines are missing, or the job log is of another run. Their bars end with their last record.");
        }

        AddIf(records.Attempts.IsFull, $"The log tells of too many items: some have no bar.");
        AddIf(records.Untimed > 0, $"{records.Untimed:N0} records show no time: they stand at the begin of their items, or at the time of the record before.");
        AddIf(records.RawLines > 0, $"{records.RawLines:N0} lines of the log are no records: other programs wrote them, or they are torn.");
    }

    private void Thinned(ReportOptions options, ItemIntake jobs, RecordIntake records)
    {
        AddIf(jobs.IsThinned, $"The timeline shows all items that failed, and at most {options.MostItems:N0} of the others, spread over the run. The figures count all.");
        AddIf(jobs.IsShortened, $"Long inputs and errors are shortened.");
        Thinned(records.Errors, "records from Error up,");
        Thinned(records.Important, "warnings and records of items that failed,");
        Thinned(records.Ordinary, "other records,");
    }

    private void Thinned(RecordSample sample, string what) => AddIf(
        sample.IsThinned,
        $"The log below shows {sample.Kept.Count:N0} of {sample.Count:N0} {what} spread over the run. The figures and charts count all.");

    private void Odd(ItemIntake jobs, RecordIntake records, long from, long to)
    {
        var isOther = records.ShowsPids && jobs.Pids.Count > 0 && !records.SharesPids;
        AddIf(isOther, $"The log and the job log have no worker process in common: they are of different runs.");
        AddIf(jobs.Repeated > 0, $"The job log holds several runs: {jobs.Repeated:N0} inputs were run again after they had completed. Each time counts.");
        AddIf(jobs.Backwards > 0, $"{jobs.Backwards:N0} items end before they begin: a clock was put back. Their durations do not count.");
        AddIf(records.Backwards > 0, $"The times of the log run backwards by more than a minute {records.Backwards:N0} times: a clock was put back, or those of several machines differ.");
        AddIf(
            records.Attempts.Skewed > 0 && !isOther,
            $"The records of {records.Attempts.Skewed:N0} items are up to {Span(records.Attempts.Skew)} away from their bars: the clocks of log and job log differ.");
        AddIf(from < to && to - from > TimeSpan.FromDays(366).Ticks, $"The times reach over more than a year: some of them may be wrong.");
    }

    private static string Span(long ticks)
    {
        var span = new TimeSpan(ticks);
        return string.Create(CultureInfo.InvariantCulture, $"{(span.Days > 0 ? $"{span.Days} days " : "")}{span:hh\\:mm\\:ss}");
    }

    private void AddIf(bool isSo, FormattableString note)
    {
        if (isSo)
        {
            notes.Add(note.ToString(CultureInfo.InvariantCulture));
        }
    }
}

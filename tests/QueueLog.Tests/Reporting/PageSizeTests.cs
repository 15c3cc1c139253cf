using System.Globalization;
using QueueLog.Reporting;
using QueueLog.Reporting.Page;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reporting;

/// <summary>How large a page may become. What time it takes is a matter of the machine, and of the bench.</summary>
public sealed class PageSizeTests : IDisposable
{
    private const int MostBytes = 15 * 1024 * 1024;
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    // More than a page holds of each: items, their texts, and records of each level, with texts that nothing shortens.
    [Fact]
    public void A_page_of_any_run_has_at_most_15_MB_and_says_what_it_left_out_but_leaves_out_no_failure()
    {
        const int Items = 150_000;
        const int Failed = 1000;
        const int Records = 120_000;
        using (var jobs = File.CreateText(folder.Combine("run.jsonl")))
        using (var log = File.CreateText(folder.Combine("run.log")))
        {
            for (var i = 0; i < Items; i++)
            {
                var isFailed = i % (Items / Failed) == 0;
                var error = isFailed ? $"{{\"Message\":\"no luck with {i} {new string('e', 200)}\",\"Id\":\"Bad\",\"StackTrace\":\"at line {i}\"}}" : "";
                jobs.Write(string.Create(CultureInfo.InvariantCulture, $"{{\"Index\":{i},\"Status\":\"{(isFailed ? "Failed" : "Completed")}\",\"Attempt\":1,\"Worker\":\"Worker-{i % 8 + 1}\",\"Pid\":{i % 8 + 100},\"Started\":\"{At(i)}\",\"Ended\":\"{At(i + 8)}\",\"Input\":\"input {i} {new string('i', 40)}\",\"Errors\":[{error}]}}\n"));
            }

            for (var i = 0; i < Records; i++)
            {
                var level = (i % 3) switch { 0 => "Error", 1 => "Warning", _ => "Information" };
                log.Write(string.Create(CultureInfo.InvariantCulture, $"{{\"@t\":\"{At(i)}\",\"@m\":\"record {i} {new string((char)('a' + i % 26), 180)}\",\"@l\":\"{level}\",\"Process\":\"Worker-{i % 8 + 1}\",\"Pid\":{i % 8 + 100},\"Sequence\":{i / 8 + 1},\"Worker\":\"Worker-{i % 8 + 1}\",\"Item\":{i}}}\n"));
            }
        }

        var report = new ReportBuilder(new ReportOptions { Logs = [folder.Combine("run.log")], JobLogs = [folder.Combine("run.jsonl")] }).Build();
        using var page = new MemoryStream();
        PageWriter.Write(report, page);

        Assert.InRange(page.Length, MostBytes / 2, MostBytes);
        Assert.Equal(Failed, report.Items.Count(item => item.IsFailure));
        Assert.Contains(report.Notes, note => note.Contains("items", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.Contains("records", StringComparison.Ordinal));

        static string At(int i) => new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(100 * i).ToString("O", CultureInfo.InvariantCulture);
    }
}

using Microsoft.Playwright;
using QueueLog.Reporting;

namespace QueueLog.Tests.Reporting;

/// <summary>A report in a browser, with all that it asked for and complained of.</summary>
internal sealed class OpenReport
{
    private OpenReport(IPage page) => Page = page;

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public List<string> Requests { get; } = [];

    public static async Task<OpenReport> OpenAsync(Browser browser, RunFiles run, ColorScheme colours = ColorScheme.Light, Func<ReportOptions, ReportOptions>? with = null)
    {
        var page = await browser.NewPageAsync(colours);
        var opened = new OpenReport(page);
        page.Console += (_, message) => opened.Complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => opened.Complaints.Add(error);
        page.Dialog += (_, dialog) => opened.Complaints.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) => opened.Requests.Add(request.Url);
        var path = run["report.html"];
        ReportFile.Write(path, run.Build(with), ReportFormat.Html);
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        return opened;
    }

    public Task<string> TextAsync(string selector) => Page.Locator(selector).InnerTextAsync();

    public Task ClickAsync(string selector) => Page.Locator(selector).ClickAsync();

    /// <summary>Waits until an element shows a text.</summary>
    public Task ShowsAsync(string selector, string text) => Assertions.Expect(Page.Locator(selector)).ToContainTextAsync(text);

    /// <summary>The pictures of the charts that have the time as their axis, once they are drawn.</summary>
    public async Task<string[]> ChartsAsync() =>
        await Page.EvaluateAsync<string[]>("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(['timeline', 'rate', 'levels'].map(id => document.getElementById(id).toDataURL())))))");

    /// <summary>Where the bar of an item is on the screen.</summary>
    public async Task<(float X, float Y)> BarAsync(int index)
    {
        await Page.Locator("#lanes").ScrollIntoViewIfNeededAsync();
        var place = await Page.EvaluateAsync<float[]>(
            "index => { const i = run.items.index.indexOf(index), box = timeline.chart.canvas.getBoundingClientRect(); return [box.left + timeline.chart.x((run.items.start[i] + run.items.end[i]) / 2), box.top + timeline.top(run.items.lane[i]) + 8]; }",
            index);
        return (place[0], place[1]);
    }
}

using System.Globalization;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace QueueLog.Tests.Reporting;

public sealed class PageTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly RunFiles run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task It_loads_without_a_complaint_or_a_request_and_its_figures_are_those_of_the_run()
    {
        AddRun();
        var report = await OpenAsync();
        Assert.Empty(report.Complaints);
        Assert.StartsWith("file:", Assert.Single(report.Requests), StringComparison.Ordinal);
        Assert.Equal("run", await report.TextAsync("#title"));
        Assert.StartsWith("2026-03-04 23:59:50 to 2026-03-05 00:00:30", await report.TextAsync("#when"), StringComparison.Ordinal);
        Assert.Equal(
            ["40", "38", "2", "1", "80"],
            await Task.WhenAll(new[] { "items", "completed", "failed", "retries", "level-2" }.Select(tile => report.TextAsync($"#tile-{tile} b"))));
        Assert.Equal("complete", await report.TextAsync("#tile-audit b"));
        Assert.Equal(21, await report.Page.Locator("#slowest tr").CountAsync());
        Assert.Contains("host # is gone", await report.TextAsync("#failure-table"), StringComparison.Ordinal);
        Assert.Equal("82 of 82 records", await report.TextAsync("#log-count"));
    }

    [Fact]
    public async Task A_zoom_in_one_chart_zooms_all_and_a_drag_moves_them()
    {
        AddRun();
        var report = await OpenAsync();
        var whole = await report.ChartsAsync();
        await report.ClickAsync("#zoom-in");
        var near = await report.ChartsAsync();
        Assert.All(whole.Zip(near), pair => Assert.NotEqual(pair.First, pair.Second));

        var box = (await report.Page.Locator("#rate").BoundingBoxAsync())!;
        await report.Page.Mouse.MoveAsync(box.X + 600, box.Y + 40);
        await report.Page.Mouse.DownAsync();
        await report.Page.Mouse.MoveAsync(box.X + 400, box.Y + 40, new() { Steps = 4 });
        await report.Page.Mouse.UpAsync();
        var moved = await report.ChartsAsync();
        Assert.All(near.Zip(moved), pair => Assert.NotEqual(pair.First, pair.Second));

        var range = await report.TextAsync("#range");
        await report.Page.Keyboard.DownAsync("Control");
        await report.Page.Mouse.WheelAsync(0, -200);
        await report.Page.Keyboard.UpAsync("Control");
        await Assertions.Expect(report.Page.Locator("#range")).Not.ToHaveTextAsync(range);
        await report.ClickAsync("#zoom-all");
        await report.Page.Mouse.MoveAsync(5, 5);
        Assert.Equal(whole, await report.ChartsAsync());
    }

    [Fact]
    public async Task A_click_on_a_bar_shows_its_item_with_the_log_around_it()
    {
        AddRun();
        var report = await OpenAsync();
        var (x, y) = await report.BarAsync(5);
        await report.Page.Mouse.ClickAsync(x, y);
        await report.ShowsAsync("#details-heading", "Item 5");
        var details = await report.TextAsync("#details-body");
        Assert.All(new[] { "failed", "file-5.csv", "Worker-2 (process 22)", "host 5 is gone", "at <ScriptBlock>, run.ps1: line 7", "begin of 5", "end of 5" }, text => Assert.Contains(text, details, StringComparison.Ordinal));
        await report.Page.GetByRole(AriaRole.Button, new() { Name = "Records of this item" }).ClickAsync();
        await report.ShowsAsync("#log-count", "2 of 82 records");
        await report.Page.Locator("#records .row").First.ClickAsync();
        await report.ShowsAsync("#record", "begin of 5");
        await report.ClickAsync("#record button:has-text('Show on the timeline')");
        await Assertions.Expect(report.Page.Locator("#lanes")).ToBeFocusedAsync();
        Assert.Empty(report.Complaints);
    }

    [Fact]
    public async Task Records_of_an_item_are_those_of_its_run_with_all_its_attempts()
    {
        run.AddItem(3, 0, 1, "Failed", input: "a", error: "bad");
        var first = run.EndJobLog("first.jsonl");
        run.AddItem(3, 100, 101, attempt: 2, pid: 22, input: "b");
        run.AddRecord(0.5, "of the first run", item: 3, attempt: 1);
        run.AddRecord(90, "item 3 started", "Debug", item: 3, attempt: 1, pid: 21, category: "QueueLog.Pool", isOfWorker: true);
        run.AddRecord(91, "item 3, 'b', failed after 900 ms: bad", "Warning", item: 3, attempt: 1, pid: 21, category: "QueueLog.Pool", isOfWorker: true);
        run.AddRecord(100.5, "of the second run", item: 3, attempt: 2, pid: 22);
        var report = await OpenReport.OpenAsync(browser, run, with: options => options with { JobLogs = [first, .. options.JobLogs] });
        foreach (var (item, count) in new[] { (0, 1), (1, 3), (2, 3) })
        {
            await report.Page.EvaluateAsync("item => timeline.select(item)", item);
            await report.Page.GetByRole(AriaRole.Button, new() { Name = "Records of this item" }).ClickAsync();
            await report.ShowsAsync("#log-count", $"{count} of 4 records, of this run");
        }

        Assert.Empty(report.Complaints);
    }

    [Fact]
    public async Task The_log_is_filtered_by_text_expression_level_worker_item_and_time()
    {
        AddRun();
        var report = await OpenAsync();
        await report.Page.FillAsync("#filter-text", "END OF 1");
        await report.ShowsAsync("#log-count", "11 of 82 records");
        await report.Page.FillAsync("#filter-text", "/of (3|4)$/");
        await report.ShowsAsync("#log-count", "4 of 82 records");
        await report.ClickAsync("#filters button[type=reset]");
        await report.ShowsAsync("#log-count", "82 of 82 records");
        await report.Page.SelectOptionAsync("#filter-level", "Warning");
        await report.ShowsAsync("#log-count", "1 of 82 records");
        await report.Page.SelectOptionAsync("#filter-level", "all");
        await report.Page.SelectOptionAsync("#filter-worker", "Worker-2");
        await report.ShowsAsync("#log-count", "40 of 82 records");
        await report.Page.FillAsync("#filter-item", "7");
        await report.ShowsAsync("#log-count", "2 of 82 records");
        await report.ClickAsync("#filters button[type=reset]");
        await report.Page.EvaluateAsync("() => view.set(1.5e6, 3.5e6)");
        await report.Page.CheckAsync("#filter-range");
        await report.ShowsAsync("#log-count", "4 of 82 records");
    }

    [Fact]
    public async Task Of_a_long_log_only_the_rows_that_are_seen_are_in_the_page()
    {
        for (var i = 0; i < 5000; i++)
        {
            run.AddRecord(i / 100.0, $"record {i}");
        }

        var report = await OpenAsync();
        Assert.InRange(await report.Page.Locator("#records .row").CountAsync(), 10, 60);
        await report.Page.Locator("#records").FocusAsync();
        await report.Page.Keyboard.PressAsync("End");
        await report.ShowsAsync("#record", "record 4999");
        Assert.InRange(await report.Page.Locator("#records .row").CountAsync(), 10, 60);
    }

    [Fact]
    public async Task Everything_can_be_reached_by_keyboard()
    {
        AddRun();
        var report = await OpenAsync();
        await report.Page.Locator("#lanes").FocusAsync();
        var range = await report.TextAsync("#range");
        await report.Page.Keyboard.PressAsync("+");
        await Assertions.Expect(report.Page.Locator("#range")).Not.ToHaveTextAsync(range);
        await report.Page.Keyboard.PressAsync("0");
        await report.Page.Keyboard.PressAsync("f");
        await report.ShowsAsync("#said", "Item 5: failed");
        await report.Page.Keyboard.PressAsync("n");
        await report.ShowsAsync("#details-heading", "Item 6");
        await report.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(report.Page.Locator("#details-heading")).ToBeFocusedAsync();
        await report.Page.Locator("#records").FocusAsync();
        await report.Page.Keyboard.PressAsync("ArrowDown");
        await report.ShowsAsync("#record", "begin of 0");
        await report.Page.Keyboard.PressAsync("Enter");
        await report.ShowsAsync("#details-heading", "Item 0");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_serious(ColorScheme colours)
    {
        AddRun();
        var report = await OpenAsync(colours);
        await report.ClickAsync("#next-failure");
        await report.Page.Locator("#records .row").First.ClickAsync();
        var result = await report.Page.RunAxe();
        Assert.Empty(result.Violations.Where(found => found.Impact is "serious" or "critical").Select(found => $"{found.Id}: {found.Help} {string.Join(' ', found.Nodes.Select(node => node.Html))}"));
        Assert.NotEmpty(result.Passes);
    }

    [Fact]
    public async Task It_is_dark_where_the_system_is_and_light_on_paper()
    {
        AddRun();
        var report = await OpenAsync(ColorScheme.Dark);
        var dark = await BackgroundAsync(report);
        Assert.True(dark < 60, "the page is dark");
        await report.ClickAsync("#theme");
        Assert.True(await BackgroundAsync(report) > 200, "the button turns it");
        await report.ClickAsync("#theme");
        var chart = (await report.ChartsAsync())[0];
        await report.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.True(await BackgroundAsync(report) > 200, "paper is white");

        // The page hears of it with its next frame, and draws its charts anew.
        await report.Page.WaitForFunctionAsync("() => document.documentElement.dataset.theme === 'light'");
        Assert.NotEqual(chart, (await report.ChartsAsync())[0]);
        Assert.False(await report.Page.Locator("#zoom-in").IsVisibleAsync());
        Assert.True(await report.Page.Locator("#failure-table table").IsVisibleAsync());
        Assert.True((await report.Page.PdfAsync()).Length > 10_000);
    }

    [Fact]
    public async Task No_text_of_a_run_becomes_markup_or_script()
    {
        string[] hostile =
        [
            "</script><script>alert(1)</script>", "<!--<script>", "<img src=x onerror=alert(2)>", "\"><svg onload=alert(3)>", "javascript:alert(4)", "line\u2028separator\u2029s", "' onmouseover='alert(5)",
            "\u202Eright to left", "nul\0 and \uFFFF", "=HYPERLINK(\"http://localhost/\")", "]]><b>", "&lt;b&gt;",
        ];
        for (var i = 0; i < hostile.Length; i++)
        {
            run.AddItem(i, i, i + 1, "Failed", worker: hostile[i], input: hostile[i], error: hostile[i]);
            run.AddRecord(i, hostile[i], "Error", worker: hostile[i], item: i, attempt: 1, template: hostile[i]);
        }

        run.AddRecord(20, "<b>" + new string('<', 10_000_000));
        var report = await OpenAsync();
        foreach (var index in Enumerable.Range(0, hostile.Length))
        {
            await report.Page.EvaluateAsync("index => timeline.goTo(index)", index);
            Assert.Equal(hostile[index], await report.Page.EvaluateAsync<string>("() => [...document.querySelectorAll('#details-body dt')].find(dt => dt.textContent === 'Input').nextSibling.textContent"));
        }

        Assert.Empty(report.Complaints);
        Assert.Single(report.Requests);
        Assert.Equal(0, await report.Page.Locator("img, svg, b:not(.tile b), iframe, a[href]:not(.skip)").CountAsync());
        Assert.Equal(11, await report.Page.Locator("script").CountAsync());
        Assert.True(new FileInfo(run["report.html"]).Length < 500_000, "long messages are cut");
    }

    [Fact]
    public async Task The_policy_runs_no_other_script_and_asks_nothing_of_any_place()
    {
        AddRun();
        var report = await OpenAsync();
        var ran = await report.Page.EvaluateAsync<bool>(
            "() => { const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script); const image = new Image(); image.src = 'http://127.0.0.1:9/x.png'; document.body.append(image); return Boolean(window.ran); }");
        Assert.False(ran);
        Assert.Contains(report.Complaints, complaint => complaint.Contains("script-src", StringComparison.Ordinal));
        await report.Page.WaitForFunctionAsync("() => document.images[0].complete");
        Assert.Contains(report.Complaints, complaint => complaint.Contains("img-src", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_table_is_saved_as_CSV_that_no_spreadsheet_runs()
    {
        run.AddItem(0, 0, 1, input: "=1+2");
        run.AddItem(1, 0, 2, input: "a \"b\", c");
        var report = await OpenAsync();
        var download = await report.Page.RunAndWaitForDownloadAsync(() => report.ClickAsync("#slowest button:has-text('Save as CSV')"));
        Assert.Equal("slowest.csv", download.SuggestedFilename);
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.Equal(["Item,Duration,Status,Worker,Started,Input", "1,2 s,completed,Worker-1,23:59:50.000,\"a \"\"b\"\", c\"", "0,1 s,completed,Worker-1,23:59:50.000,'=1+2"], lines);
    }

    [Fact]
    public async Task What_is_missing_stands_on_its_face()
    {
        run.AddItem(0, 0, 1);
        var report = await OpenAsync();
        Assert.Contains("Made without the log", await report.TextAsync("#notes"), StringComparison.Ordinal);
        Assert.False(await report.Page.Locator("#log").IsVisibleAsync());
        Assert.Empty(report.Complaints);
    }

    private Task<OpenReport> OpenAsync(ColorScheme colours = ColorScheme.Light) => OpenReport.OpenAsync(browser, run, colours);

    private static async Task<int> BackgroundAsync(OpenReport report)
    {
        var colour = await report.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        return int.Parse(colour.Split('(', ',')[1], CultureInfo.InvariantCulture);
    }

    // Two workers, forty items of a second, and two records each; items 5 and 25 fail, and item 3 was tried twice.
    [Fact]
    public async Task The_log_around_an_item_is_there_when_a_clock_was_put_back()
    {
        run.AddItem(0, 3600, 3601);
        run.AddItem(1, 5, 7);
        run.AddRecord(3600.5, "before the clock");
        run.AddRecord(3700, "shortly before");
        run.AddRecord(5.5, "meanwhile", item: 1, attempt: 1);
        run.AddRecord(6.5, "meanwhile, too", item: 1, attempt: 1);
        run.AddRecord(9, "behind");
        run.AddRecord(10, "behind it");
        run.AddRecord(11, "further behind");
        run.AddRecord(3600.7, "the same time again");
        var report = await OpenAsync();
        Assert.Equal(
            ["before the clock", "shortly before", "meanwhile", "meanwhile, too", "behind", "behind it", "further behind"],
            await report.Page.EvaluateAsync<string[]>("() => recordsAround(run.items.index.indexOf(1)).textContent.split('\\n').map((line) => line.slice(25))"));
        Assert.Contains("before the clock", await report.Page.EvaluateAsync<string>("() => recordsAround(run.items.index.indexOf(0)).textContent"), StringComparison.Ordinal);
    }

    private void AddRun()
    {
        for (var i = 0; i < 40; i++)
        {
            var worker = 1 + i % 2;
            var isFailed = i % 20 == 5;
            run.AddItem(i, i, i + 0.9, isFailed ? "Failed" : "Completed", i == 3 ? 2 : 1, $"Worker-{worker}", worker * 11, $"file-{i}.csv", isFailed ? $"host {i} is gone" : null);
            run.AddRecord(i + 0.1, $"begin of {i}", worker: $"Worker-{worker}", pid: worker * 11, item: i, attempt: i == 3 ? 2 : 1);
            run.AddRecord(i + 0.8, $"end of {i}", worker: $"Worker-{worker}", pid: worker * 11, item: i, attempt: i == 3 ? 2 : 1);
        }

        run.AddRecord(39.9, "the disk is nearly full", "Warning", worker: null, pid: 9);
        run.AddRecord(40, "done", "Debug", worker: null, pid: 9);
    }
}

using Microsoft.Playwright;

namespace QueueLog.Tests.Reporting;

/// <summary>The Chromium of the system, without a window; one for all tests of a class.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "microsoft-edge"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is { } program)
        {
            playwright = await Playwright.CreateAsync();

            // Root may not have Chromium's sandbox.
            browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    /// <summary>A page of its own, or the reason why there is none.</summary>
    public async Task<IPage> NewPageAsync(ColorScheme colours = ColorScheme.Light)
    {
        Assert.SkipWhen(browser is null, "There is no Chromium. Install it, or name one by QUEUELOG_BROWSER.");
        var context = await browser!.NewContextAsync(new() { ColorScheme = colours, ViewportSize = new() { Width = 1280, Height = 900 }, AcceptDownloads = true });
        context.SetDefaultTimeout(30_000);
        return await context.NewPageAsync();
    }

    private static string? Find() =>
        Environment.GetEnvironmentVariable("QUEUELOG_BROWSER") is { Length: > 0 } named
            ? named
            : Names.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}

using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Extensions;

public sealed class PackageTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_package_brings_the_core_along_and_asks_for_nothing_newer_than_dotnet_8()
    {
        var project = Path.Combine(Repository.Root, "src", "QueueLog.Extensions.Logging");
        using var pack = Process.Start(new ProcessStartInfo("dotnet", ["pack", project, "-c", Repository.Configuration, "--no-build", "-o", folder.Path]) { RedirectStandardOutput = true })!;
        var output = await pack.StandardOutput.ReadToEndAsync().WaitAsync(TestTimeout.Limit);
        await pack.WaitForExitAsync().WaitAsync(TestTimeout.Limit);
        Assert.True(pack.ExitCode == 0, output);

        await using var package = await ZipFile.OpenReadAsync(folder.Combine(Assert.Single(folder.FilesIn())));
        Assert.Equal(
            ["QueueLog.Extensions.Logging.dll", "QueueLog.Extensions.Logging.xml", "QueueLog.dll"],
            package.Entries.Where(entry => entry.FullName.StartsWith("lib/net8.0/", StringComparison.Ordinal)).Select(entry => entry.Name).Order(StringComparer.Ordinal));
        await using var stream = await package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).OpenAsync();
        var dependencies = (await XDocument.LoadAsync(stream, LoadOptions.None, CancellationToken.None)).Descendants().Where(element => element.Name.LocalName == "dependency");
        Assert.Equal([("Microsoft.Extensions.Logging.Configuration", "8.0.0")], dependencies.Select(element => (element.Attribute("id")!.Value, element.Attribute("version")!.Value)));
    }
}

using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QueueLog.Extensions.Logging;

// A .NET program as others write them: what it logs, the tests look for in the log.
switch (args)
{
    case ["burst", var category, var count]:
        Burst(category, int.Parse(count, CultureInfo.InvariantCulture), pause: true);
        Console.WriteLine("done");

        // To be killed here.
        Console.In.ReadLine();
        return 0;
    case ["exit", var category, var count]:
        Burst(category, int.Parse(count, CultureInfo.InvariantCulture), pause: false);
        return 0;
    case ["lines", .. var without]:
        return Lines(without is [var chosen] ? Enum.Parse<WithoutListener>(chosen, ignoreCase: true) : default);
    case ["host", var folder]:
        RunHost(folder);
        return 0;
    default:
        return 2;
}

// Nothing is disposed of: what was logged must not depend on it. The pause is behind the first record, which connects.
static void Burst(string category, int count, bool pause)
{
    var logger = LoggerFactory.Create(logging => logging.AddQueueLog()).CreateLogger(category);
    for (var number = 1; number <= count; number++)
    {
        logger.LogInformation("{Category} {Number}", category, number);
        if (pause && number == 1)
        {
            Console.WriteLine("ready");
            Console.In.ReadLine();
        }
    }
}

// Logs each line it is given, and says when it has.
static int Lines(WithoutListener without)
{
    try
    {
        using var factory = LoggerFactory.Create(logging => logging.AddQueueLog(options => options.WithoutListener = without));
        var logger = factory.CreateLogger("Lines");
        while (Console.In.ReadLine() is { } line)
        {
            logger.LogInformation("{Line}", line);
            Console.WriteLine(line);
        }

        return 0;
    }
    catch (InvalidOperationException e)
    {
        Console.WriteLine(e.Message);
        return 1;
    }
}

static void RunHost(string folder)
{
    var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder });
    builder.Logging.ClearProviders().AddQueueLog();
    using var host = builder.Build();
    var factory = host.Services.GetRequiredService<ILoggerFactory>();
    foreach (var category in new[] { "App.Db", "App.Web", "Other" })
    {
        var logger = factory.CreateLogger(category);
        using (logger.BeginScope("request {Request}", 7))
        {
            foreach (var level in Enum.GetValues<LogLevel>())
            {
                logger.Log(level, "says {Level}", level);
            }
        }
    }
}

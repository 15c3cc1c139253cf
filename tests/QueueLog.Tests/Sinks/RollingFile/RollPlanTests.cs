using CsCheck;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class RollPlanTests
{
    private static readonly string Log = Path.Combine(Path.GetTempPath(), "run.log");
    private static readonly RollingPath Numbered = new(Log);
    private static readonly RollingPath Daily = new(Log, RollInterval.Day);

    private static readonly string[] Foreign =
    [
        "run.log.2024", "run.log.2026-11", "run.log.2026-W48", "run.log.999999999", "run.log.2026-11-25.999999999", "run.log.2026-11-25.01", "run.log.old",
        "run.logs.1", "other.log.1", "run.log.2026-11-25.gz",
    ];

    // Names that are ours in one way of naming or the other, and such as others might make.
    private static readonly Gen<string> AnyName = Gen.OneOf(
        Gen.Int[1, 7].Select(number => $"run.log.{number}"),
        Gen.Int[1, 7].Select(number => $"run.log.{number}.gz"),
        Gen.Int[24, 26].Select(day => $"run.log.2026-11-{day}"),
        Gen.Select(Gen.Int[24, 26], Gen.Int[1, 4], (day, number) => $"run.log.2026-11-{day}.{number}"),
        Gen.Select(Gen.Int[24, 26], Gen.Int[1, 4], (day, number) => $"run.log.2026-11-{day}.{number}.gz"),
        Gen.Int[0, Foreign.Length - 1].Select(index => Foreign[index]));

    private static readonly Gen<FoundFile> AnyFile = Gen.Select(AnyName, Gen.Int[0, 100], Gen.Int[0, 100], Gen.Int[0, 9], (name, length, age, folder) =>
        new FoundFile(name, length, Now - TimeSpan.FromDays(age), IsFolder: folder == 0));

    private static readonly Gen<FoundFile[]> AnyFolder = AnyFile.Array[0, 14].Select(files => files.DistinctBy(file => file.Name).ToArray());

    private static readonly Gen<RollingFileOptions> AnyOptions = Gen.Select(Gen.Int[0, 8], Gen.Int[-1, 300], Gen.Int[0, 100], (files, size, days) => new RollingFileOptions
    {
        Path = Log,
        MaxFiles = files,
        MaxTotalSize = size > 0 ? size : null,
        MaxAge = days > 0 ? TimeSpan.FromDays(days) : null,
    });

    private static DateTime Now => new(2026, 11, 26, 0, 0, 1, DateTimeKind.Utc);

    [Theory]
    // names there; how many to keep; moves; deletions
    [InlineData("", 5, "run.log>run.log.1", "")]
    [InlineData("run.log.1", 5, "run.log.1>run.log.2 run.log>run.log.1", "")]
    [InlineData("run.log.2 run.log.1", 2, "run.log.2>run.log.3 run.log.1>run.log.2 run.log>run.log.1", "run.log.3")]
    [InlineData("", 0, "run.log>run.log.1", "run.log.1")]
    [InlineData("run.log.1 run.log.2 run.log.3", 1, "run.log.3>run.log.4 run.log.2>run.log.3 run.log.1>run.log.2 run.log>run.log.1", "run.log.4 run.log.3 run.log.2")]
    [InlineData("run.log.2 run.log.3", 2, "run.log>run.log.1", "run.log.3")]
    [InlineData("run.log.1 run.log.3 run.log.4", 3, "run.log.1>run.log.2 run.log>run.log.1", "run.log.4")]
    [InlineData("run.log.2024", 2, "run.log>run.log.1", "")]
    [InlineData("run.log.01 run.log. run.log.x run.log.-1 run.log.+1 run.log.1.gz.gz run.log.1.zip run.log.gz run.log.2026-11-25 run.log.queuelog-gz run.log.9999999999 run.logs.1 xrun.log.1 run.log.0", 1, "run.log>run.log.1", "")]
    [InlineData("run.log.2.gz run.log.1", 2, "run.log.2.gz>run.log.3.gz run.log.1>run.log.2 run.log>run.log.1", "run.log.3.gz")]
    public void The_row_of_old_files_moves_on_and_what_is_too_much_goes(string names, int keep, string moves, string deletions)
    {
        var plan = Plan(Numbered, names, "", new RollingFileOptions { Path = Log, MaxFiles = keep });

        Assert.Equal(moves, string.Join(' ', plan.Renames.Select(rename => $"{rename.From}>{rename.To}")));
        Assert.Equal(deletions, string.Join(' ', plan.Deletions));
    }

    [Theory]
    // names there; how many to keep; the name of the rolled file; deletions
    [InlineData("", 5, "run.log.2026-11-25", "")]
    [InlineData("run.log.2026-11-25", 5, "run.log.2026-11-25.1", "")]
    [InlineData("run.log.2026-11-25.gz", 5, "run.log.2026-11-25.1", "")]
    [InlineData("run.log.2026-11-25 run.log.2026-11-25.1.gz run.log.2026-11-25.9", 5, "run.log.2026-11-25.10", "")]
    // The oldest of the day is gone: a new one is not put in its place.
    [InlineData("run.log.2026-11-25.1", 5, "run.log.2026-11-25.2", "")]
    [InlineData("run.log.2026-11-25.999999999", 5, "run.log.2026-11-25.1000000000", "")]
    [InlineData("run.log.2026-11-25.999999999 run.log.2026-11-25.1000000000", 5, "run.log.2026-11-25.1000000001", "")]
    [InlineData("run.log.2026-11-24 run.log.2026-11-24.10 run.log.2026-11-24.9", 2, "run.log.2026-11-25", "run.log.2026-11-24 run.log.2026-11-24.9")]
    [InlineData("run.log.2026-11-26 run.log.2026-11-23", 1, "run.log.2026-11-25", "run.log.2026-11-23 run.log.2026-11-25")]
    [InlineData("", 0, "run.log.2026-11-25", "run.log.2026-11-25")]
    [InlineData("run.log.1 run.log.2024 run.log.2026-11 run.log.2026-11-24_13 run.log.2026-11-24.0 run.log.2026-11-24. run.log.2026-13-24", 1, "run.log.2026-11-25", "")]
    public void A_dated_file_goes_behind_those_of_its_period(string names, int keep, string name, string deletions)
    {
        var plan = Plan(Daily, names, "2026-11-25", new RollingFileOptions { Path = Log, MaxFiles = keep });

        Assert.Equal([("run.log", name)], plan.Renames);
        Assert.Equal(deletions, string.Join(' ', plan.Deletions));
    }

    [Fact]
    public void A_folder_takes_a_name_like_any_file()
    {
        var plan = RollPlan.For(Daily, [new FoundFile("run.log.2026-11-25", IsFolder: true)], new FoundFile("run.log"), "2026-11-25", new RollingFileOptions { Path = Log, MaxFiles = 0 }, Now);

        Assert.Equal([("run.log", "run.log.2026-11-25.1")], plan.Renames);
        Assert.Equal(["run.log.2026-11-25.1"], plan.Deletions);
    }

    [Fact]
    public void Whatever_stands_there_nothing_is_overwritten() => Sample((path, found, plan) =>
    {
        var names = found.Select(file => file.Name).Append("run.log").ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (from, to) in plan.Renames)
        {
            Assert.True(names.Remove(from), $"{from} is not there");

            // A folder with the name of a numbered file stops the roll there: it is not renamed over either.
            Assert.True(names.Add(to) || (!path.IsDated && found.Any(file => file.IsFolder && file.Name == to)), $"{to} is taken");
        }

        Assert.Equal("run.log", plan.Renames[^1].From);
    });

    [Fact]
    public void Whatever_stands_there_the_order_of_time_is_kept() => Sample((path, found, plan) =>
    {
        var moved = plan.Renames.ToDictionary();
        var before = OldFileRow.Of(path, found).Select(old => old.Found.Name).Reverse().Append("run.log").Select(name => moved.GetValueOrDefault(name, name)).ToList();
        var after = before.OrderBy(name => path.Parse(name)!.Value).ToList();

        // Dated files may be of a time to come, when the clock was wrong.
        var rolled = path.Parse(plan.Renames[^1].To)!.Value;
        before.RemoveAll(name => path.IsDated && string.CompareOrdinal(path.Parse(name)!.Value.Date, rolled.Date) > 0);
        after.RemoveAll(name => path.IsDated && string.CompareOrdinal(path.Parse(name)!.Value.Date, rolled.Date) > 0);
        Assert.Equal(before, after);
    }, Unnameable);

    [Fact]
    public void Whatever_stands_there_only_old_files_of_the_log_are_deleted_and_the_oldest_first() => Sample((path, found, plan) =>
    {
        var own = OldFileRow.Of(path, After(found, plan)).Select(old => old.Found.Name).ToHashSet();
        var pattern = path.IsDated ? @"^run\.log\.2026-11-\d\d(\.[1-9]\d*)?(\.gz)?$" : @"^run\.log\.[1-9]\d*(\.gz)?$";
        Assert.All(plan.Deletions, name => Assert.Contains(name, own));
        Assert.All(own, name => Assert.Matches(pattern, name));
        Assert.DoesNotContain(found, file => file.IsFolder && own.Contains(file.Name) && !plan.Renames.Any(rename => rename.To == file.Name));

        var deleted = plan.Deletions.Select(name => path.Parse(name)!.Value).ToList();
        Assert.Equal(deleted.Order(), deleted);
        Assert.All(own.Except(plan.Deletions), kept => Assert.All(deleted, gone => Assert.True(gone.CompareTo(path.Parse(kept)!.Value) < 0)));
    }, Unnameable);

    [Fact]
    public void Whatever_stands_there_what_is_left_is_within_the_limits_and_no_more_is_deleted_than_that_takes() => Sample((path, found, options, plan) =>
    {
        var own = OldFileRow.Of(path, After(found, plan)).Select(old => old.Found).GroupBy(file => path.Parse(file.Name)!.Value.AsPlain()).OrderByDescending(file => file.Key).ToList();
        var kept = own.TakeWhile(file => !plan.Deletions.Contains(file.First().Name)).ToList();
        Assert.True(IsWithin(kept));
        Assert.True(kept.Count == own.Count || !IsWithin([.. kept, own[kept.Count]]));

        bool IsWithin(List<IGrouping<OldFile, FoundFile>> files) =>
            files.Count <= options.MaxFiles
            && !(files.Sum(file => file.Sum(form => form.Length)) > options.MaxTotalSize)
            && (files.Count == 0 || own.Skip(files.Count - 1).Any(file => !(Now - file.Max(form => form.LastWrite) > options.MaxAge)));
    }, Unnameable);

    [Fact]
    public void Both_forms_of_a_file_count_once_and_go_together()
    {
        var found = new[] { "run.log.2", "run.log.2.gz", "run.log.1.gz" }.Select(name => new FoundFile(name)).ToArray();

        Assert.Empty(Retention.Plan(Numbered, found, new RollingFileOptions { Path = Log, MaxFiles = 2 }, 0, Now));
        Assert.Equal(["run.log.2", "run.log.2.gz"], Retention.Plan(Numbered, found, new RollingFileOptions { Path = Log, MaxFiles = 1 }, 0, Now).Order());
    }

    [Fact]
    public void The_current_file_counts_towards_the_total_as_large_as_it_may_become()
    {
        var found = new[] { new FoundFile("run.log.1", 40), new FoundFile("run.log.2", 40) };
        var options = new RollingFileOptions { Path = Log, MaxTotalSize = 100, MaxFileSize = 20 };

        Assert.Empty(Retention.Plan(Numbered, found, options, 20, Now));
        Assert.Equal(["run.log.2"], Retention.Plan(Numbered, found, options, 21, Now));
        Assert.Equal(["run.log.3", "run.log.2"], RollPlan.For(Numbered, found, new FoundFile("run.log", 50), "", options, Now).Deletions);
    }

    [Fact]
    public void A_file_that_is_too_old_by_its_time_goes_only_with_all_that_are_older()
    {
        var found = new[] { Old(1, days: 1), Old(2, days: 30), Old(3, days: 2), Old(4, days: 31), Old(5, days: 40) };

        Assert.Equal(["run.log.5", "run.log.4"], Retention.Plan(Numbered, found, new RollingFileOptions { Path = Log, MaxAge = TimeSpan.FromDays(10) }, 0, Now));

        static FoundFile Old(int number, int days) => new($"run.log.{number}", 1, Now - TimeSpan.FromDays(days));
    }

    // CPython's test_compute_files_to_delete: logs whose names begin alike keep their hands off each other's files.
    [Theory]
    [InlineData("a.b.log")]
    [InlineData("a.b.c.log")]
    [InlineData("d.e.log")]
    [InlineData("d.e.log.f")]
    public void Logs_whose_names_begin_alike_delete_only_their_own(string log)
    {
        var path = new RollingPath(Path.Combine(Path.GetTempPath(), log), RollInterval.Minute);
        var found = new[] { "a.b.log", "a.b.c.log", "d.e.log", "d.e.log.f" }
            .SelectMany(name => Enumerable.Range(10, 10).Select(minute => new FoundFile($"{name}.2026-11-25_14-{minute}"))).ToArray();

        var deletions = Retention.Plan(path, found, new RollingFileOptions { Path = path.Log, MaxFiles = 7 }, 0, Now);

        Assert.Equal([$"{log}.2026-11-25_14-10", $"{log}.2026-11-25_14-11", $"{log}.2026-11-25_14-12"], deletions);
    }

    [Fact]
    public void Case_matters_where_it_matters_to_the_file_system()
    {
        var ignoresCase = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

        Assert.Equal(ignoresCase ? 1L : null, Numbered.Parse("RUN.LOG.1")?.Number);
    }

    // What would go behind it has more digits than any name of ours.
    private static string? Unnameable(RollingPath path) => path.IsDated ? "run.log.2026-11-25.999999999" : null;

    private static IEnumerable<FoundFile> After(FoundFile[] found, RollPlan plan)
    {
        var moved = plan.Renames.ToDictionary();
        return found.Append(Current).Select(file => file with { Name = moved.GetValueOrDefault(file.Name, file.Name) });
    }

    private static FoundFile Current => new("run.log", 50, Now);

    private static RollPlan Plan(RollingPath path, string names, string period, RollingFileOptions options) =>
        RollPlan.For(path, [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append("run.log").Select(name => new FoundFile(name))], new FoundFile("run.log"), period, options, Now);

    private static void Sample(Action<RollingPath, FoundFile[], RollPlan> check, Func<RollingPath, string?>? without = null) =>
        Sample((path, found, _, plan) => check(path, found, plan), without);

    private static void Sample(Action<RollingPath, FoundFile[], RollingFileOptions, RollPlan> check, Func<RollingPath, string?>? without = null) =>
        Gen.Select(Gen.Bool.Select(isDated => isDated ? Daily : Numbered), AnyFolder, AnyOptions).Sample((path, folder, options) =>
        {
            var found = folder.Where(file => file.Name != without?.Invoke(path)).ToArray();
            check(path, found, options, RollPlan.For(path, found, Current, "2026-11-25", options, Now));
        }, iter: 5000);
}

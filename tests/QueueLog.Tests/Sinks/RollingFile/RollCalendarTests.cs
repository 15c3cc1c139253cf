using System.Globalization;
using CsCheck;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class RollCalendarTests
{
    private static readonly string[] ZoneNames =
    [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "America/Sao_Paulo", "Africa/Cairo",
        "Pacific/Apia", "Pacific/Kwajalein", "Antarctica/Troll", "Asia/Kathmandu", "Pacific/Auckland", "UTC",
    ];

    private static readonly string[] KnownZones = Array.FindAll(ZoneNames, Zones.IsKnown);

    [Theory]
    [InlineData(RollInterval.Minute, "2026-11-25_14-05", "2026-11-25T14:06:00Z")]
    [InlineData(RollInterval.Hour, "2026-11-25_14", "2026-11-25T15:00:00Z")]
    [InlineData(RollInterval.Day, "2026-11-25", "2026-11-26T00:00:00Z")]
    [InlineData(RollInterval.Week, "2026-W48", "2026-11-30T00:00:00Z")]
    [InlineData(RollInterval.Month, "2026-11", "2026-12-01T00:00:00Z")]
    public void A_period_has_a_name_and_an_end(RollInterval interval, string name, string end)
    {
        var calendar = new RollCalendar(interval, TimeZoneInfo.Utc);

        var period = calendar.PeriodAt(Utc("2026-11-25T14:05:59.9999999Z"));

        Assert.Equal(name, calendar.NameOf(period.Date));
        Assert.Equal(Utc(end), period.End);
    }

    [Theory]
    [InlineData(RollInterval.Minute, 15, "00:00", "2026-11-25_14-00", "2026-11-25T14:15:00Z")]
    [InlineData(RollInterval.Hour, 6, "00:00", "2026-11-25_12", "2026-11-25T18:00:00Z")]
    [InlineData(RollInterval.Hour, 6, "05:00", "2026-11-25_11", "2026-11-25T17:00:00Z")]
    // Twice nine hours, and the six that are left of the day.
    [InlineData(RollInterval.Hour, 9, "20:00", "2026-11-25_14", "2026-11-25T20:00:00Z")]
    [InlineData(RollInterval.Day, 1, "06:30", "2026-11-25", "2026-11-26T06:30:00Z")]
    [InlineData(RollInterval.Day, 1, "14:06", "2026-11-24", "2026-11-25T14:06:00Z")]
    [InlineData(RollInterval.Day, 2, "00:00", "2026-11-25", "2026-11-27T00:00:00Z")]
    [InlineData(RollInterval.Week, 2, "00:00", "2026-W48", "2026-12-07T00:00:00Z")]
    [InlineData(RollInterval.Week, 1, "06:00", "2026-W48", "2026-11-30T06:00:00Z")]
    [InlineData(RollInterval.Month, 3, "00:00", "2026-10", "2027-01-01T00:00:00Z")]
    [InlineData(RollInterval.Month, 1, "06:00", "2026-11", "2026-12-01T06:00:00Z")]
    public void A_period_may_be_several_and_begin_at_a_time_of_day(RollInterval interval, int every, string at, string name, string end)
    {
        var calendar = new RollCalendar(interval, TimeZoneInfo.Utc, every, TimeOnly.Parse(at, CultureInfo.InvariantCulture));

        var period = calendar.PeriodAt(Utc("2026-11-25T14:05:59.9999999Z"));

        Assert.Equal(name, calendar.NameOf(period.Date));
        Assert.Equal(Utc(end), period.End);
        Assert.Equal(period, calendar.PeriodAt(period.End - 1));
        Assert.NotEqual(name, calendar.NameOf(calendar.PeriodAt(period.End).Date));
    }

    [Theory]
    [InlineData(RollInterval.Day, "2026-12-31", "2027-01-01")]
    [InlineData(RollInterval.Month, "2026-12", "2027-01")]
    // The first week of a year is the one with its first Thursday.
    [InlineData(RollInterval.Week, "2026-W53", "2026-W53")]
    public void A_year_ends(RollInterval interval, string before, string after)
    {
        var calendar = new RollCalendar(interval, TimeZoneInfo.Utc);

        Assert.Equal(before, NameAt(calendar, "2026-12-31T23:59:59Z"));
        Assert.Equal(after, NameAt(calendar, "2027-01-01T00:00:00Z"));
    }

    [Theory]
    // The clock of Berlin goes from 2 to 3 and, in October, from 3 back to 2; that of New York likewise. On Lord Howe Island it is
    // put forward from 2 to half past 2, and back from 2 to half past 1.
    [InlineData("Europe/Berlin", RollInterval.Hour, "2026-03-29T00:00:00Z", "01=60 03=60 04=60")]
    [InlineData("Europe/Berlin", RollInterval.Hour, "2026-10-24T23:00:00Z", "01=60 02=120 03=60")]
    [InlineData("Europe/Berlin", RollInterval.Day, "2026-03-27T23:00:00Z", "28=1440 29=1380 30=1440")]
    [InlineData("Europe/Berlin", RollInterval.Day, "2026-10-23T22:00:00Z", "24=1440 25=1500 26=1440")]
    [InlineData("America/New_York", RollInterval.Hour, "2026-03-08T06:00:00Z", "01=60 03=60")]
    [InlineData("America/New_York", RollInterval.Hour, "2026-11-01T04:00:00Z", "00=60 01=120 02=60")]
    [InlineData("America/New_York", RollInterval.Day, "2026-11-01T04:00:00Z", "01=1500 02=1440")]
    [InlineData("Australia/Lord_Howe", RollInterval.Hour, "2026-10-03T14:30:00Z", "01=60 02=30 03=60")]
    [InlineData("Australia/Lord_Howe", RollInterval.Hour, "2026-04-04T13:00:00Z", "00=60 01=90 02=60")]
    [InlineData("Australia/Lord_Howe", RollInterval.Day, "2026-04-04T13:00:00Z", "05=1470 06=1440")]
    // There the clock was put back at midnight, so that the day before went on.
    [InlineData("America/Sao_Paulo", RollInterval.Day, "2018-02-17T02:00:00Z", "17=1500 18=1440")]
    // The island went from one side of the date line to the other and had no 30th.
    [InlineData("Pacific/Apia", RollInterval.Day, "2011-12-29T10:00:00Z", "29=1440 31=1440")]
    public void Where_the_clock_is_put_forward_or_back_the_period_is_shorter_or_longer(string zone, RollInterval interval, string from, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && zone == "Pacific/Apia", "A zone of Windows does not change its offset within a year.");
        var calendar = new RollCalendar(interval, Zones.Find(zone));
        var steps = new List<string>();
        var at = Utc(from);
        while (steps.Count < expected.Split(' ').Length)
        {
            var period = calendar.PeriodAt(at);
            steps.Add($"{(interval == RollInterval.Hour ? period.Date.Hour : period.Date.Day):D2}={TimeSpan.FromTicks(period.End - at).TotalMinutes}");
            at = period.End;
        }

        Assert.Equal(expected, string.Join(' ', steps));
    }

    [Fact]
    public void Each_minute_of_a_repeated_hour_is_a_period_of_its_own_and_those_of_the_second_time_are_called_by_the_last_one()
    {
        var calendar = new RollCalendar(RollInterval.Minute, Zones.Find("Europe/Berlin"));

        Assert.Equal("2026-10-25_02-00", NameAt(calendar, "2026-10-25T00:00:30Z"));
        Assert.Equal("2026-10-25_02-59", NameAt(calendar, "2026-10-25T00:59:30Z"));
        Assert.Equal("2026-10-25_02-59", NameAt(calendar, "2026-10-25T01:00:30Z"));
        Assert.Equal("2026-10-25_02-59", NameAt(calendar, "2026-10-25T01:59:30Z"));
        Assert.Equal("2026-10-25_03-00", NameAt(calendar, "2026-10-25T02:00:30Z"));
        Assert.Equal(Utc("2026-10-25T01:01:00Z"), calendar.PeriodAt(Utc("2026-10-25T01:00:30Z")).End);
    }

    [Fact]
    public void Periods_follow_each_other_without_gaps_and_none_is_called_by_an_earlier_date_than_the_one_before() =>
        Gen.Select(Gen.Int[0, KnownZones.Length - 1].Select(index => KnownZones[index]), Gen.Enum<RollInterval>(), Gen.Long[Utc("1990-01-01T00:00:00Z"), Utc("2035-01-01T00:00:00Z")], Gen.Int[1, 9], Gen.Int[0, (24 * 60) - 1]).Sample((zone, interval, utc, every, at) =>
        {
            var calendar = new RollCalendar(interval, Zones.Find(zone), every, TimeOnly.MinValue.AddMinutes(at));
            var period = calendar.PeriodAt(utc);
            var next = calendar.PeriodAt(period.End);

            Assert.True(period.End > utc);
            Assert.Equal(period, calendar.PeriodAt(period.End - 1));
            Assert.Equal(period, calendar.PeriodAt(utc + ((period.End - utc) / 2)));
            Assert.True(next.End > period.End);
            Assert.True(next.Date > period.Date || (next.Date == period.Date && WasPutBackBefore(Zones.Find(zone), period.End)));
            Assert.True(PeriodName.IsOf(interval, calendar.NameOf(period.Date)));
        }, iter: 3000);

    // The tests of CPython's TimedRotatingFileHandler reckon from the epoch, which was a Thursday.
    [Theory]
    [InlineData(RollInterval.Minute, 60)]
    [InlineData(RollInterval.Hour, 60 * 60)]
    [InlineData(RollInterval.Day, 24 * 60 * 60)]
    [InlineData(RollInterval.Week, 4 * 24 * 60 * 60)]
    [InlineData(RollInterval.Month, 31 * 24 * 60 * 60)]
    public void The_first_roll_after_the_epoch_comes_at_the_end_of_its_period(RollInterval interval, int seconds)
    {
        var epoch = DateTime.UnixEpoch.Ticks;

        Assert.Equal(epoch + (seconds * TimeSpan.TicksPerSecond), new RollCalendar(interval, TimeZoneInfo.Utc).PeriodAt(epoch).End);
    }

    [Fact]
    public void Every_day_of_a_week_belongs_to_the_one_that_began_on_Monday()
    {
        var calendar = new RollCalendar(RollInterval.Week, TimeZoneInfo.Utc);
        for (var day = 23; day < 30; day++)
        {
            Assert.Equal("2026-W48", NameAt(calendar, $"2026-11-{day}T13:00:00Z"));
            Assert.Equal(Utc("2026-11-30T00:00:00Z"), calendar.PeriodAt(Utc($"2026-11-{day}T00:00:00Z")).End);
        }

        Assert.Equal("2026-W49", NameAt(calendar, "2026-11-30T00:00:00Z"));
    }

    [Theory]
    [InlineData(RollInterval.Day, "2026-11-25", true)]
    [InlineData(RollInterval.Day, "2026-11-31", false)]
    [InlineData(RollInterval.Day, "2026-1-25", false)]
    [InlineData(RollInterval.Day, "2026-11-25_14", false)]
    [InlineData(RollInterval.Day, "20261125", false)]
    [InlineData(RollInterval.Day, " 2026-11-25", false)]
    [InlineData(RollInterval.Day, "2024", false)]
    [InlineData(RollInterval.Hour, "2026-11-25_23", true)]
    [InlineData(RollInterval.Hour, "2026-11-25_24", false)]
    [InlineData(RollInterval.Minute, "2026-11-25_14-59", true)]
    [InlineData(RollInterval.Minute, "2026-11-25_14-60", false)]
    [InlineData(RollInterval.Week, "2026-W53", true)]
    [InlineData(RollInterval.Week, "2025-W53", false)]
    [InlineData(RollInterval.Week, "2026-W00", false)]
    [InlineData(RollInterval.Week, "2026-W1", false)]
    [InlineData(RollInterval.Week, "2026-w01", false)]
    [InlineData(RollInterval.Week, "0000-W01", false)]
    [InlineData(RollInterval.Month, "2026-12", true)]
    [InlineData(RollInterval.Month, "2026-13", false)]
    public void Only_what_could_be_the_name_of_a_period_is_taken_for_one(RollInterval interval, string name, bool isName) =>
        Assert.Equal(isName, PeriodName.IsOf(interval, name));

    private static bool WasPutBackBefore(TimeZoneInfo zone, long utc)
    {
        return Enumerable.Range(1, 26 * 4).Any(quarters => Offset(utc - (quarters * TimeSpan.FromMinutes(15).Ticks)) > Offset(utc));

        TimeSpan Offset(long at) => zone.GetUtcOffset(new DateTime(at, DateTimeKind.Utc));
    }

    private static long Utc(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcTicks;

    private static string NameAt(RollCalendar calendar, string time) => calendar.NameOf(calendar.PeriodAt(Utc(time)).Date);
}

using System.Globalization;
using System.Text;
using QueueLog.Formatting;
using QueueLog.Reading.Foreign;

namespace QueueLog.Tests.Reading.Foreign;

public sealed class ForeignTimeTests
{
    // The zone is two hours ahead; the file was written last on 5 March 2026 at noon.
    [Theory]
    [InlineData("2026-03-04T15:06:07.1234567Z", "2026-03-04T15:06:07.1234567+00:00")]
    [InlineData("2026-03-04T15:06:07.123456789+01:00", "2026-03-04T15:06:07.1234567+01:00")]
    [InlineData("2026-03-04 15:06:07,123", "2026-03-04T15:06:07.1230000+02:00")]
    [InlineData("2026-03-04 15:06:07.5 -0830", "2026-03-04T15:06:07.5000000-08:30")]
    [InlineData("2026-03-04 15:06:07 UTC", "2026-03-04T15:06:07.0000000+00:00")]
    [InlineData("2026-03-04 15:06", "2026-03-04T15:06:00.0000000+02:00")]
    [InlineData("2026-03-04", "2026-03-04T00:00:00.0000000+02:00")]
    [InlineData("2026/03/04 15:06:07", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("2026-03-04-15.06.07.123456", "2026-03-04T15:06:07.1234560+02:00")]
    [InlineData("20260304T150607Z", "2026-03-04T15:06:07.0000000+00:00")]
    [InlineData("260304 150607", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("04/Mar/2026:15:06:07 -0700", "2026-03-04T15:06:07.0000000-07:00")]
    [InlineData("04-Mar-2026 15:06:07.123", "2026-03-04T15:06:07.1230000+02:00")]
    [InlineData("04.03.2026 15:06:07", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("04.03.26 15:06:07", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("2026-03-04 03:06:07 PM", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("2026-03-04 12:06:07am", "2026-03-04T00:06:07.0000000+02:00")]
    [InlineData("2026-03-04 3:06:07 p.m.", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("2026-03-04 15:06:07.123 CET", "2026-03-04T15:06:07.1230000+01:00")]
    [InlineData("2026-03-04 15:06:07+01", "2026-03-04T15:06:07.0000000+01:00")]
    [InlineData("Wed Mar 04 15:06:07.5 2026", "2026-03-04T15:06:07.5000000+02:00")]
    [InlineData("Wed, 04 Mar 2026 15:06:07 GMT", "2026-03-04T15:06:07.0000000+00:00")]
    [InlineData("Mar 04, 2026 3:06:07 PM", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("Mar  4 15:06:07", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("Dec 31 23:59:59", "2025-12-31T23:59:59.0000000+02:00")]
    [InlineData("Feb 29 10:00:00", "2024-02-29T10:00:00.0000000+02:00")]
    [InlineData("03-04 15:06:07.123", "2026-03-04T15:06:07.1230000+02:00")]
    [InlineData("0304 15:06:07.123", "2026-03-04T15:06:07.1230000+02:00")]
    [InlineData("11:00:00", "2026-03-05T11:00:00.0000000+02:00")]
    [InlineData("13:00:00", "2026-03-04T13:00:00.0000000+02:00")]
    [InlineData("1772629567", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("1772629567.5", "2026-03-04T15:06:07.5000000+02:00")]
    [InlineData("1772629567123", "2026-03-04T15:06:07.1230000+02:00")]
    [InlineData("1772629567123456", "2026-03-04T15:06:07.1234560+02:00")]
    [InlineData("1772629567123456789", "2026-03-04T15:06:07.1234567+02:00")]
    public void A_time_is_read_in_whatever_form(string text, string expected) => Reads(text, DateOrder.Unknown, expected);

    [Theory]
    [InlineData("26/03/04 15:06:07", "YearFirst", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("04/03/26 15:06:07", "DayFirst", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("03/04/26 15:06:07", "MonthFirst", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("3/4/2026 3:06:07 PM", "MonthFirst", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("04-03-2026 15:06:07", "DayFirst", "2026-03-04T15:06:07.0000000+02:00")]
    [InlineData("03.04 15:06:07", "MonthFirst", "2026-03-04T15:06:07.0000000+02:00")]
    public void A_date_of_numbers_is_read_in_the_order_of_its_file(string text, string order, string expected)
    {
        Reads(text, Enum.Parse<DateOrder>(order), expected);
        Assert.False(ForeignTime.TryReadWhole(Encoding.UTF8.GetBytes(text), DateOrder.Unknown, out _));
    }

    private static void Reads(string text, DateOrder order, string expected)
    {
        Assert.True(ForeignTime.TryReadWhole(Encoding.UTF8.GetBytes(text), order, out var time), text);
        var placer = LogFixture.Placer(new DateTime(2026, 3, 5, 12, 0, 0));
        Assert.True(placer.TryPlace(in time, out var utcTicks, out var offset));
        Assert.Equal(expected, TimestampText.ToTime(utcTicks, offset).ToString("O", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("12")]
    [InlineData("7.5")]
    [InlineData("Market")]
    [InlineData("2026")]
    [InlineData("25:00:00")]
    [InlineData("2026-13-04 10:00:00")]
    [InlineData("2026-03-04 and more")]
    [InlineData("13:00:00 AM")]
    [InlineData("15:06:00 -1234")]
    [InlineData("2026-03-04 15:06:07 CST")]
    [InlineData("123456789")]
    [InlineData("9999999999")]
    [InlineData("03/04/2026 10:00:00")]
    public void What_is_no_time_is_none(string text) => Assert.False(ForeignTime.TryReadWhole(Encoding.UTF8.GetBytes(text), DateOrder.Unknown, out _));

    [Fact]
    public void Any_beginning_of_a_time_is_read_or_not_and_nothing_else()
    {
        foreach (var text in new[] { "2026-03-04T15:06:07.1234567+01:00", "Wed, 04 Mar 2026 15:06:07 GMT", "04/Mar/2026:15:06:07 -0700", "1772629567123.5", "Mar 04, 2026 3:06:07 PM" })
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            for (var length = 0; length <= bytes.Length; length++)
            {
                ForeignTime.TryRead(bytes.AsSpan(0, length), DateOrder.MonthFirst, out _, out var used);
                Assert.InRange(used, 0, length);
            }
        }
    }
}

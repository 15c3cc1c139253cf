using System.Buffers;
using System.Globalization;
using System.Text;
using QueueLog.Formatting;

namespace QueueLog.Tests.Formatting;

public sealed class EntryWriterTests
{
    public static TheoryData<long> Numbers
    {
        get
        {
            var numbers = new TheoryData<long>([0, -1, int.MaxValue, long.MinValue, long.MaxValue, 12_340_056, 10_001, 99_990_000]);
            for (var power = 1L; power < 1_000_000_000_000; power *= 10)
            {
                numbers.AddRange(power - 1, power, power + 1, power * 7);
            }

            return numbers;
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_is_its_digits(long number)
    {
        var output = new ArrayBufferWriter<byte>();
        var entry = new EntryWriter(output, 1);
        entry.AppendByte((byte)'<');
        entry.AppendNumber(number);
        entry.AppendByte((byte)'>');
        entry.Commit();

        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"<{number}>"), Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Every_number_of_four_digits_and_less_is_its_digits()
    {
        var output = new ArrayBufferWriter<byte>();
        for (var number = 0; number < 10_000; number++)
        {
            output.ResetWrittenCount();
            var entry = new EntryWriter(output, 16);
            entry.AppendNumber(number);
            entry.Commit();

            Assert.Equal(number.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetString(output.WrittenSpan));
        }
    }

    [Fact]
    public void Times_of_the_same_second_have_each_their_own_fraction()
    {
        var second = new DateTimeOffset(2026, 11, 25, 14, 3, 5, TimeSpan.FromHours(1));
        var timestamp = new RoundTripTime();
        foreach (var ticks in (int[])[1, 0, 9_999_999, 1_234_567, 10_000, 9_999, 10_000_000, 1_000, 5_000_000])
        {
            var output = new ArrayBufferWriter<byte>();
            var entry = new EntryWriter(output, RoundTripTime.Length);
            timestamp.Append(ref entry, second.UtcTicks + ticks, 60);
            entry.Commit();

            Assert.Equal(second.AddTicks(ticks).ToString("O", CultureInfo.InvariantCulture), Encoding.UTF8.GetString(output.WrittenSpan));
        }
    }
}

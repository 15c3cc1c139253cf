using System.Text;
using CsCheck;
using QueueLog.Reading.Files;

namespace QueueLog.Tests.Reading;

public sealed class HeadingFinderTests
{
    private const string Mark = "\n# QueueLog:";

    [Fact]
    public void In_whatever_order_places_are_asked_for_it_is_the_last_heading_that_ends_before_each()
    {
        // Around the borders of the blocks it reads, and headings at any place, also cut by the place asked for.
        Gen.Select(Gen.Int[0, 2_100_000].Array[0, 6], Gen.Int[0, 2_100_000].Array[1, 20], Gen.Bool).Sample(
            (headings, places, asksBehindHeadings) =>
            {
                var file = new byte[2_100_100];
                file.AsSpan().Fill((byte)'x');
                foreach (var heading in headings)
                {
                    Encoding.ASCII.GetBytes(Mark, file.AsSpan(heading));
                }

                var finder = new HeadingFinder((buffer, place) => Read(file, buffer, place), Encoding.ASCII.GetBytes(Mark));
                foreach (var place in asksBehindHeadings ? headings.SelectMany(heading => new[] { heading + 11, heading + 10, heading + 12 }).Concat(places) : places)
                {
                    var found = file.AsSpan(0, place).LastIndexOf(Encoding.ASCII.GetBytes(Mark));
                    long? expected = found < 0 ? null : found + 1;
                    Assert.Equal(expected, finder.LastBefore(place));
                }
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public void A_heading_across_the_border_of_two_blocks_is_found()
    {
        const int Heading = 1000;
        var file = new byte[2 * 1024 * 1024];
        Encoding.ASCII.GetBytes(Mark, file.AsSpan(Heading));
        for (var place = Heading + 1024 * 1024 - 2 * Mark.Length; place < Heading + 1024 * 1024 + 2 * Mark.Length; place++)
        {
            Assert.Equal((long?)Heading + 1, new HeadingFinder((buffer, start) => Read(file, buffer, start), Encoding.ASCII.GetBytes(Mark)).LastBefore(place));
        }
    }

    [Fact]
    public void Coming_back_place_by_place_reads_the_file_once()
    {
        const int Length = 20 * 1024 * 1024;
        long read = 0;
        var finder = new HeadingFinder((buffer, place) =>
        {
            read += buffer.Length;
            buffer.Clear();
            return buffer.Length;
        }, Encoding.ASCII.GetBytes(Mark));
        for (var place = Length; place > 0; place -= 64 * 1024)
        {
            Assert.Null(finder.LastBefore(place));
        }

        Assert.InRange(read, Length, Length + 10_000);
    }

    private static int Read(byte[] file, Span<byte> buffer, long place)
    {
        var there = file.AsSpan((int)place);
        var count = Math.Min(there.Length, buffer.Length);
        there[..count].CopyTo(buffer);
        return count;
    }
}

using CsCheck;
using QueueLog.PowerShell.Pool;

namespace QueueLog.Tests.Module;

public sealed class RecordListTests
{
    [Fact]
    public void It_is_a_list_whatever_is_added_and_removed()
    {
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 20]).Array[0, 200].Sample(steps =>
        {
            var expected = new List<int>();
            var actual = new RecordList<int>();
            foreach (var (kind, number) in steps)
            {
                Apply(expected, kind, number);
                Apply(actual, kind, number);
                Assert.Equal(expected.Count, actual.Count);
                Assert.Equal(expected, actual);
                Assert.Equal(expected.IndexOf(number), actual.IndexOf(number));
                var copy = new int[expected.Count + 1];
                actual.CopyTo(copy, 1);
                Assert.Equal(expected, copy[1..]);
            }
        });
    }

    private static void Apply(IList<int> list, int kind, int number)
    {
        switch (kind)
        {
            case < 4:
                list.Add(number);
                break;
            case < 8 when list.Count > 0:
                list.RemoveAt(0);
                break;
            case 8 when list.Count > 0 && number == 0:
                list.Clear();
                break;
            case 8 when list.Count > 0:
                list.RemoveAt(number % list.Count);
                break;
            case 9 when number % 3 == 0:
                list.Remove(number);
                break;
            case 9 when list.Count > 0:
                list[number % list.Count] = number;
                break;
            default:
                list.Insert(number % (list.Count + 1), number);
                break;
        }
    }
}

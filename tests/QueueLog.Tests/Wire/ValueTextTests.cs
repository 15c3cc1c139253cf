using System.Collections;
using System.Collections.Specialized;
using QueueLog.Wire;

namespace QueueLog.Tests.Wire;

public sealed class ValueTextTests
{
    [Fact]
    public void Lists_and_tables_show_what_they_hold()
    {
        Assert.Equal("[1, two, true, ]", ValueText.Of(new object?[] { 1, "two", true, null }));
        Assert.Equal("[]", ValueText.Of(new List<int>()));
        Assert.Equal("{}", ValueText.Of(new Hashtable()));
        Assert.Equal(
            "{A=[1.5, 2], B={C=x}}",
            ValueText.Of(new OrderedDictionary { ["A"] = new[] { 1.5, 2 }, ["B"] = new Hashtable { ["C"] = "x" } }));
    }

    [Fact]
    public void A_list_that_holds_itself_has_a_text_all_the_same()
    {
        var list = new ArrayList { 1 };
        list.Add(list);
        Assert.Equal("[1, [1, [1, [1, [1, […]]]]]]", ValueText.Of(list));

        var bush = new ArrayList();
        for (var i = 0; i < 1000; i++)
        {
            bush.Add(bush);
        }

        Assert.InRange(ValueText.Of(bush).Length, 64 * 1024, 80 * 1024);
    }

    [Fact]
    public void A_list_whose_elements_have_no_text_is_no_failure()
    {
        Assert.Equal("[1, (Mute has no text: InvalidOperationException)]", ValueText.Of(new object[] { 1, new Mute() }));
    }

    private sealed class Mute
    {
        public override string ToString() => throw new InvalidOperationException();
    }
}

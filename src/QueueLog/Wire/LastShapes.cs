namespace QueueLog.Wire;

/// <summary>The shapes that were met last. For one thread.</summary>
/// <param name="most">No more than this: a further one takes the place of the oldest.</param>
internal sealed class LastShapes(int most)
{
    private readonly List<ValueShape> shapes = new(most);
    private int oldest;

    public int Count => shapes.Count;

    public ValueShape this[int index] => shapes[index];

    public void Add(ValueShape shape)
    {
        if (shapes.Count < most)
        {
            shapes.Add(shape);
            return;
        }

        shapes[oldest] = shape;
        oldest = (oldest + 1) % most;
    }
}

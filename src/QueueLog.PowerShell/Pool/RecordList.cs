using System.Collections;

namespace QueueLog.PowerShell.Pool;

/// <summary>A list whose first element goes without the others being moved: what the engine takes from a job, it takes one by one from the front.</summary>
internal sealed class RecordList<T> : IList<T>
{
    // The elements are the list's from here on.
    private readonly List<T> list = [];
    private int first;

    public int Count => list.Count - first;

    public bool IsReadOnly => false;

    public T this[int index]
    {
        get => list[first + index];
        set => list[first + index] = value;
    }

    public void Add(T item) => list.Add(item);

    public void Insert(int index, T item) => list.Insert(first + index, item);

    public void RemoveAt(int index)
    {
        if (index != 0 || Count == 0)
        {
            list.RemoveAt(first + index);
            return;
        }

        list[first++] = default!;

        // Each element is moved once at most for each that went.
        if (first > list.Count / 2)
        {
            list.RemoveRange(0, first);
            first = 0;
        }
    }

    public bool Remove(T item)
    {
        var index = IndexOf(item);
        if (index >= 0)
        {
            RemoveAt(index);
        }

        return index >= 0;
    }

    public void Clear()
    {
        list.Clear();
        first = 0;
    }

    public bool Contains(T item) => IndexOf(item) >= 0;

    public int IndexOf(T item) => list.IndexOf(item, first) is >= 0 and var index ? index - first : -1;

    public void CopyTo(T[] array, int arrayIndex) => list.CopyTo(first, array, arrayIndex, Count);

    public IEnumerator<T> GetEnumerator() => list.Skip(first).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

"""Python's pool: empty items, rows, round trips, strings of 1 MB, and the time until the processes stand.

usage: pool.py items|rows|rows100|roundtrip|strings|ready PROCESSES N

Prints one JSON line {"items": ..., "seconds": ...}.
"""

import datetime
import json
import multiprocessing
import sys
import time


def nothing(value):
    return value


def meet(barrier):
    barrier.wait()


def items(context, processes, count):
    with context.Pool(processes) as pool:
        pool.map(nothing, range(processes * 10), chunksize=1)
        started = time.perf_counter()
        total = sum(pool.imap(nothing, range(count), chunksize=1))
        seconds = time.perf_counter() - started
    if total != count * (count - 1) // 2:
        sys.exit(f"the results of {count} items add up to {total}")
    return seconds


def rows(context, processes, count, chunk=1):
    moment = datetime.datetime(1970, 1, 1)
    dicts = [
        {
            "Id": i, "Name": f"name {i}", "City": "Berlin", "Price": i * 1.5, "When": moment,
            "Ok": True, "Count": i % 7, "Text": "some text of a row", "Code": f"C{i}", "Note": None,
        }
        for i in range(count)
    ]
    with context.Pool(processes) as pool:
        pool.map(nothing, range(processes * 10), chunksize=1)
        started = time.perf_counter()
        total = sum(row["Id"] for row in pool.imap(nothing, dicts, chunksize=chunk))
        seconds = time.perf_counter() - started
    if total != count * (count - 1) // 2:
        sys.exit(f"the results of {count} items add up to {total}")
    return seconds


def rows100(context, processes, count):
    return rows(context, processes, count, chunk=100)


def round_trips(context, processes, count):
    with context.Pool(processes) as pool:
        pool.map(nothing, range(processes * 10), chunksize=1)
        started = time.perf_counter()
        for i in range(count):
            pool.apply(nothing, (i,))
        return time.perf_counter() - started


def strings(context, processes, count):
    texts = [f"{number:010d}" * 100_000 for number in range(count)]
    with context.Pool(processes) as pool:
        pool.map(nothing, range(processes * 10), chunksize=1)
        started = time.perf_counter()
        results = list(pool.imap(nothing, texts, chunksize=1))
        seconds = time.perf_counter() - started
    if results != texts:
        sys.exit(f"the {count} strings came back as others")
    return seconds


def ready(context, processes, _):
    barrier = context.Barrier(processes + 1)
    started = time.perf_counter()
    with context.Pool(processes, initializer=meet, initargs=(barrier,)):
        barrier.wait()
        return time.perf_counter() - started


def main():
    measure = {"items": items, "rows": rows, "rows100": rows100, "roundtrip": round_trips, "strings": strings, "ready": ready}[sys.argv[1]]
    processes, count = int(sys.argv[2]), int(sys.argv[3])
    seconds = measure(multiprocessing.get_context("spawn"), processes, count)
    print(json.dumps({"items": count, "seconds": seconds}))


if __name__ == "__main__":
    main()

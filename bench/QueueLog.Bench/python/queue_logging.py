"""Python's pair: writer processes with a QueueHandler, a QueueListener in the parent, one FileHandler.

usage: queue_logging.py PATH WRITERS RECORDS

Prints one JSON line {"records": ..., "seconds": ...}: from the moment every writer is ready until the file is complete.
"""

import json
import logging
import logging.handlers
import multiprocessing
import sys
import time


def write_records(queue, barrier, records):
    handler = logging.handlers.QueueHandler(queue)
    logger = logging.getLogger("bench")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    barrier.wait()
    for number in range(1, records + 1):
        logger.info("record %d of %d", number, records)


def main():
    path, writers, records = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    context = multiprocessing.get_context("spawn")
    queue = context.Queue(-1)
    barrier = context.Barrier(writers + 1)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(processName)-10s %(levelname)-8s %(message)s"))
    listener = logging.handlers.QueueListener(queue, handler)
    listener.start()
    processes = [
        context.Process(target=write_records, name=f"Writer-{i + 1}", args=(queue, barrier, records))
        for i in range(writers)
    ]
    for process in processes:
        process.start()

    barrier.wait()
    started = time.perf_counter()
    for process in processes:
        process.join()
    listener.stop()
    handler.close()
    seconds = time.perf_counter() - started

    with open(path, "rb") as file:
        lines = sum(1 for _ in file)
    print(json.dumps({"records": lines, "seconds": seconds}))
    if lines != writers * records:
        sys.exit(f"{lines} lines where {writers * records} records were logged")


if __name__ == "__main__":
    main()

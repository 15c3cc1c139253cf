"""Celery or RQ on Redis: empty tasks through workers on this machine, until the submitter has all results.

usage: task_queue.py celery|celery100|rq PROCESSES N

celery100 sends tasks in chunks of 100. Starting Redis and the workers is not measured. Prints one JSON line
{"items": ..., "seconds": ...}.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

try:
    import celery
    import redis
    import rq
except ImportError:
    # Debian's packages are those of the system's own Python.
    if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    raise

ADDRESS = os.environ.get("TASK_QUEUE_REDIS", "redis://127.0.0.1:6379/0")

app = celery.Celery("task_queue", broker=ADDRESS, backend=ADDRESS)
app.conf.update(worker_prefetch_multiplier=64, worker_send_task_events=False, task_send_sent_event=False)


@app.task(name="nothing")
def nothing(value):
    return value


def run_celery(count):
    results = [nothing.delay(i) for i in range(count)]
    return sum(result.get() for result in results)


def run_celery_chunks(count):
    results = nothing.chunks(((i,) for i in range(count)), 100).apply_async()
    return sum(sum(part) for part in results.get())


def run_rq(count):
    queue = rq.Queue(connection=redis.Redis.from_url(ADDRESS))
    jobs = queue.enqueue_many([rq.Queue.prepare_data(nothing_of_rq, (i,)) for i in range(count)])
    total = 0
    for job in jobs:
        while job.get_status() not in ("finished", "failed"):
            time.sleep(0.001)
        total += job.result
    return total


def nothing_of_rq(value):
    return value


RUNS = {"celery": run_celery, "celery100": run_celery_chunks, "rq": run_rq}


def workers(kind, processes):
    if kind == "rq":
        return [[sys.executable, "-m", "rq.cli", "worker", "-q", "-u", ADDRESS] for _ in range(processes)]
    return [[sys.executable, "-m", "celery", "-A", "task_queue", "worker", "-c", str(processes), "-l", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]]


def main(kind, processes, count):
    folder = tempfile.mkdtemp()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    global ADDRESS
    ADDRESS = os.environ["TASK_QUEUE_REDIS"] = f"redis://127.0.0.1:{port}/0"
    app.conf.update(broker_url=ADDRESS, result_backend=ADDRESS)
    here = os.path.dirname(os.path.abspath(__file__))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": here, "env": {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}}
    started = [subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""], **{**quiet, "cwd": folder})]
    try:
        connection = redis.Redis.from_url(ADDRESS)
        until(lambda: connection.ping())
        started += [subprocess.Popen(command, **quiet) for command in workers(kind, processes)]
        if kind == "rq":
            until(lambda: len(rq.Worker.all(connection=connection)) == processes)
        RUNS[kind](processes * 100)
        begun = time.perf_counter()
        total = RUNS[kind](count)
        seconds = time.perf_counter() - begun
    finally:
        for process in reversed(started):
            process.send_signal(signal.SIGTERM)
            process.wait()
        shutil.rmtree(folder)
    if total != count * (count - 1) // 2:
        sys.exit(f"the results of {count} items add up to {total}")
    print(json.dumps({"items": count, "seconds": seconds}), flush=True)

    # Celery's results would ask Redis once more at the end.
    os._exit(0)


def until(holds):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if holds():
                return
        except redis.ConnectionError:
            pass
        time.sleep(0.05)
    sys.exit("Redis or its workers have not come.")


if __name__ == "__main__":
    # As the workers import it.
    import task_queue

    task_queue.main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

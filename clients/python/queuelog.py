"""Records of Python's logging in the log of a QueueLog listener: one file for all processes, whatever they are written in.

    import logging, queuelog
    logging.basicConfig(handlers=[queuelog.QueueLogHandler()], level=logging.INFO)

or, for logging.config.dictConfig, ``"class": "queuelog.QueueLogHandler"``. A program that a QueueLog session has started,
directly or through others, finds the listener by the environment variable QUEUELOG_PIPE.

Standard library only; Python 3.8 or later; Linux, macOS and Windows. docs/protocol.md describes what is sent.
"""

import collections
import json
import logging
import numbers
import os
import socket
import sys
import threading
import time
import traceback
import weakref

__all__ = ["QueueLogHandler"]

_NAME = "queuelog"
_ADDRESS = "QUEUELOG_PIPE"
_PROCESS = "QUEUELOG_PROCESS"
_MAIN_PROCESS = "MainProcess"
_MAIN_THREAD = "MainThread"

# Attributes that every record has; any other came by ``extra``.
_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_LEVELS = frozenset((logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL))

_DEEPEST = 10
_LONGEST_LINE = 60 * 1024 * 1024  # a listener takes none of 64 MiB
_LONGEST_CUT = 1024 * 1024
_MOST_KEPT = 64 * 1024 * 1024

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_CONNECT_SECONDS = 1.0  # for a place in the queue of a listener that is there
_LOOK_SECONDS = 0.005

# How often the listener is asked what it has written, and how many records it may owe the answer for.
_ASK_SECONDS = 0.1
_MOST_UNCONFIRMED = 4096


class QueueLogHandler(logging.Handler):
    """Sends each record to a QueueLog listener at the moment it is logged.

    When a logging call returns, the record has left this process: killing the program does not lose it. When the listener is
    behind, the call waits for it. ``flush()`` waits until everything is in the file.

    While there is no listener, the newest records are kept, and sent when there is one again; it is looked for in growing
    intervals. The log says how many had to be left out. What a listener has not confirmed when it ends is sent again to its
    successor: after one that was killed a record may come twice. What is still kept when the program ends is shown on standard
    error, and so is every record where no listener was ever named.

    :param address: the listener's address; default: what QUEUELOG_PIPE holds when it is needed.
    :param level: lowest level that is sent.
    :param process: name of this process in the log; default: that of multiprocessing, or QUEUELOG_PROCESS, or the program's.
    :param capacity: how many records are kept without a listener.
    :param timeout: longest wait of ``flush()`` and ``close()``, in seconds.

    A formatter, if ``setFormatter`` gives it one, makes the text of the message only: time, level, logger and exception have
    fields of their own. The ``format`` of ``basicConfig`` is for other handlers.
    """

    def __init__(self, address=None, level=logging.NOTSET, process=None, capacity=10_000, timeout=5.0):
        super().__init__(level)
        self.address = address
        self.process = process
        self.capacity = capacity
        self.timeout = timeout
        self._has_warned = False
        self._is_refused = False
        # basicConfig gives a formatter to handlers that have none, and its INFO:root: would be in every message.
        self.formatter = _MESSAGE_ONLY
        self._begin()
        _handlers.add(self)

    def emit(self, record):
        """Sends a record, or keeps it until there is a listener. What goes wrong is left to ``handleError``."""
        try:
            if not self._address():
                self._warn("no listener: %s is not set; records are shown here and not kept" % _ADDRESS)
                _print(_text(record, self.formatter))
                return
            self._kept.append(_encode(record, self.process, self.formatter))
            if not self._send(None):
                said = "the listener at %s belongs to %s, whose processes alone may connect" if self._is_refused else "no listener answers at %s"
                address = self._address()
                self._warn("%s; records are kept until one does, or the program ends" % (said % ((address, _owner_of(address)) if self._is_refused else address)))
                self._try_later()
        except RecursionError:
            raise
        except Exception:
            self.handleError(record)

    def flush(self):
        """Waits until all records are in the file, for at most ``timeout`` seconds.

        :return: whether they are.
        """
        self.acquire()
        try:
            if not self._kept and self._connection is None:
                return True
            deadline = time.monotonic() + self.timeout
            self._retry_at = 0.0
            while self._send(deadline):
                try:
                    return self._connection is None or self._connection.settle(deadline)
                except OSError:
                    self._lose(deadline)
                if time.monotonic() >= deadline:
                    break
            return False
        finally:
            self.release()

    def close(self):
        """Sends what is kept, waiting for at most ``timeout`` seconds. What cannot be sent is shown on standard error."""
        self.acquire()
        try:
            self.flush()
            if self._connection is not None:
                self._connection.close()
            if self._kept or self._kept.left_out:
                _print("%s: %d records found no listener, and before them %d that were not kept:" % (_NAME, len(self._kept), self._kept.left_out))
                for line in self._kept.take():
                    _print(_line_text(line))
            self._begin()
        finally:
            self.release()
            super().close()

    def _begin(self):
        self._connection = None
        self._kept = _Kept(self.capacity)
        self._retry_at = 0.0
        self._pause = _FIRST_PAUSE
        self._timer = None
        self._is_sending = False
        self._keeps_for_exit = False

    def _forget(self):
        """In a forked child: the connection is the parent's, and so is what the parent has not sent."""
        connection = self._connection
        self._begin()
        if connection is not None:
            connection.close()

    def _address(self):
        return self.address or os.environ.get(_ADDRESS)

    def _connect(self):
        address = self._address()
        if not address or time.monotonic() < self._retry_at:
            return False
        try:
            self._connection = _Connection(address)
            self._is_refused = False
            self._pause = _FIRST_PAUSE
            return True
        except OSError as error:
            self._is_refused = isinstance(error, PermissionError)
            self._retry_at = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)
            return False

    def _send(self, deadline):
        """Sends what is kept; returns whether all of it was sent, or is being sent further up the stack."""
        if self._is_sending:
            return True
        self._is_sending = True
        try:
            return self._send_kept(deadline)
        finally:
            self._is_sending = False

    def _send_kept(self, deadline):
        # A listener that has gone may have a successor already; a second that goes at once is left alone for a while.
        for _ in range(2):
            if not self._kept:
                return True
            if self._connection is None and not self._connect():
                return False
            try:
                if self._kept.left_out:
                    self._kept.say_left_out(self.process)
                while self._kept:
                    self._connection.send(self._kept.popleft(), deadline)
                return True
            except OSError:
                self._lose(deadline)
            except BaseException:
                # Interrupted: perhaps within a line, so that the connection cannot be used any more.
                self._lose(deadline)
                raise
        return False

    def _lose(self, deadline):
        connection, self._connection = self._connection, None
        self._kept.put_back(connection.end(self.timeout if deadline is None else max(0.0, deadline - time.monotonic())))
        connection.close()

    def _try_later(self):
        """The program may log nothing more for a long time, or end in a way that calls no handler."""
        if self._timer is None:
            self._timer = threading.Timer(max(0.01, self._retry_at - time.monotonic()), self._try_again)
            self._timer.daemon = True
            try:
                self._timer.start()
            except RuntimeError:  # no threads any more: the interpreter ends
                self._timer = None
        util = sys.modules.get("multiprocessing.util")
        if util is not None and not self._keeps_for_exit:
            # Processes of multiprocessing end without logging.shutdown.
            self._keeps_for_exit = True
            util.Finalize(self, _flush, args=(weakref.ref(self),), exitpriority=10)

    def _try_again(self):
        self.acquire()
        try:
            self._timer = None
            if self._kept and not self._send(time.monotonic() + self.timeout):
                self._try_later()
        except Exception:  # a thread of the handler's own must not speak up in the program
            self._try_later()
        finally:
            self.release()

    def _warn(self, text):
        if not self._has_warned:
            self._has_warned = True
            _print("%s: %s" % (_NAME, text))


class _Kept:
    """Lines that wait for a listener. The oldest make room for the newest, and are counted."""

    def __init__(self, capacity):
        self._lines = collections.deque()
        self._capacity = max(1, capacity)
        self._size = 0
        self.left_out = 0

    def __len__(self):
        return len(self._lines)

    def append(self, line):
        self._lines.append(line)
        self._size += len(line)
        self._bound()

    def put_back(self, lines):
        self._lines.extendleft(reversed(lines))
        self._size += sum(map(len, lines))
        self._bound()

    def popleft(self):
        line = self._lines.popleft()
        self._size -= len(line)
        return line

    def take(self):
        while self._lines:
            yield self.popleft()

    def say_left_out(self, process):
        record = logging.LogRecord(_NAME, logging.WARNING, __file__, 0, "%d records were left out while there was no listener", (self.left_out,), None)
        self.left_out = 0
        line = _encode(record, process, None)
        self._lines.appendleft(line)
        self._size += len(line)

    def _bound(self):
        while len(self._lines) > self._capacity or (self._size > _MOST_KEPT and len(self._lines) > 1):
            self.popleft()
            self.left_out += 1


class _Connection:
    """Lines on their way to one listener. Any OSError is its end."""

    def __init__(self, address):
        self._pipe = _NamedPipe(address) if os.name == "nt" else _Socket(address)
        self._sent = collections.deque()  # and not known to be written
        self._confirmed = 0
        self._asked = 0
        self._answered = 0
        self._asked_at = 0.0
        self._heard = b""
        self._written = True

    def send(self, line, deadline):
        self._sent.append(line)
        now = time.monotonic()
        if self._asked == self._answered and now - self._asked_at >= _ASK_SECONDS:
            line += self._question(now)
        self._pipe.send(line, deadline)
        if self._asked > self._answered:
            self._hear(0.0)
        while len(self._sent) > _MOST_UNCONFIRMED and self._hears_by(deadline):
            pass

    def settle(self, deadline):
        """Waits until everything is written; returns whether it is."""
        while self._sent:
            if not self._hears_by(deadline):
                return False
        return self._written

    def end(self, patience):
        """What a listener that has gone did not take."""
        deadline = time.monotonic() + patience
        try:
            while self._hear(max(0.0, deadline - time.monotonic())):
                pass
        except OSError:
            pass
        return list(self._sent)

    def close(self):
        self._pipe.close()

    def _hears_by(self, deadline):
        if self._asked == self._answered:
            self._pipe.send(self._question(time.monotonic()), deadline)
        return self._hear(None if deadline is None else max(0.0, deadline - time.monotonic()))

    def _question(self, now):
        self._asked += 1
        self._asked_at = now
        return b'{"flush":%d}\n' % self._asked

    def _hear(self, seconds):
        """Takes the answers that come within a time; returns whether there was anything."""
        heard = self._pipe.receive(seconds)
        if heard is None:
            return False
        *answers, self._heard = (self._heard + heard).split(b"\n")
        try:
            for answer in answers:
                self._take(json.loads(answer))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConnectionError("What answers is no listener.") from error
        return True

    def _take(self, answer):
        self._answered = answer.get("flushed", self._answered)
        self._written = answer["written"]
        while self._confirmed < answer["records"] and self._sent:
            self._sent.popleft()
            self._confirmed += 1


class _Socket:
    """The pipe on Linux and macOS."""

    def __init__(self, address):
        self._timeout = None
        deadline = time.monotonic() + _CONNECT_SECONDS
        while True:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                # A socket that blocks would wait as long as the listener's queue is full: for ever, where it is stopped.
                self._socket.setblocking(False)
                self._socket.connect(address)
                self._socket.setblocking(True)
                return
            except BlockingIOError:
                self._socket.close()
                if time.monotonic() >= deadline:
                    raise
                time.sleep(_LOOK_SECONDS)
            except BaseException:
                self._socket.close()
                raise

    def send(self, data, deadline):
        self._wait_for(None if deadline is None else max(0.001, deadline - time.monotonic()))
        self._socket.sendall(data)

    def receive(self, seconds):
        """Bytes; None when none come in time. The end is an error."""
        try:
            if seconds == 0:
                data = self._socket.recv(64 * 1024, socket.MSG_DONTWAIT)
            else:
                self._wait_for(seconds)
                data = self._socket.recv(64 * 1024)
        except (BlockingIOError, socket.timeout):
            return None
        if not data:
            raise ConnectionResetError("The listener has gone.")
        return data

    def _wait_for(self, seconds):
        if seconds != self._timeout:
            self._socket.settimeout(seconds)
            self._timeout = seconds

    def close(self):
        self._socket.close()


class _NamedPipe:
    """The pipe on Windows, where a read that waits would hold up every write: so it is looked first whether anything is there."""

    _BUSY = 231

    def __init__(self, address):
        for attempt in range(20):
            try:
                self._file = open(address, "r+b", buffering=0)
                return
            except OSError as error:
                if getattr(error, "winerror", None) != self._BUSY or attempt == 19:
                    raise
                time.sleep(_LOOK_SECONDS)

    def send(self, data, deadline):
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest):]

    def receive(self, seconds):
        import _winapi
        import msvcrt

        handle = msvcrt.get_osfhandle(self._file.fileno())
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            available = _winapi.PeekNamedPipe(handle, 0)[0]
            if available:
                return self._file.read(available)
            if deadline is not None and time.monotonic() >= deadline:
                return None
            time.sleep(_LOOK_SECONDS)

    def close(self):
        try:
            self._file.close()
        except OSError:
            pass


def _encode(record, process, formatter):
    """The line of a record."""
    line = {
        "timestamp": record.created,
        "level": record.levelno,
        "category": record.name,
        "message": _message(record, formatter),
        "process": process or _process_name(record),
        "pid": record.process or os.getpid(),
        "caller": "%s:%d" % (record.pathname, record.lineno),
    }
    if record.args:
        line["template"] = str(record.msg)
        # By names of their own: braces in a template of Python's are text, and no holes for the values of %s.
        arguments = record.args if isinstance(record.args, dict) else {"Argument%d" % index: value for index, value in enumerate(record.args)}
        line["arguments"] = _plain(arguments)
    if record.exc_info and record.exc_info[0] is not None:
        line["exception"] = _exception(*record.exc_info)
    elif record.exc_text:
        line["exception"] = record.exc_text
    properties = {name: _plain(value) for name, value in record.__dict__.items() if name not in _OWN}
    if record.levelno not in _LEVELS:
        properties.setdefault("LevelName", record.levelname)
    if record.threadName and record.threadName != _MAIN_THREAD:
        properties.setdefault("ThreadName", record.threadName)
    if getattr(record, "taskName", None):
        properties.setdefault("TaskName", record.taskName)
    if record.stack_info:
        properties.setdefault("StackInfo", record.stack_info)
    if properties:
        line["properties"] = properties
    data = _json(line)
    if len(data) > _LONGEST_LINE:
        cut = {name: line[name] for name in ("timestamp", "level", "category", "process", "pid", "caller")}
        cut["message"] = "%s… (%d more characters do not fit a record)" % (line["message"][:_LONGEST_CUT], max(0, len(line["message"]) - _LONGEST_CUT))
        data = _json(cut)
    return data


def _json(value):
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"


def _message(record, formatter):
    if formatter is None or formatter is _MESSAGE_ONLY:
        return record.getMessage()
    record.message = record.getMessage()
    if formatter.usesTime():
        record.asctime = formatter.formatTime(record, formatter.datefmt)
    return formatter.formatMessage(record)


def _process_name(record):
    if record.processName and record.processName != _MAIN_PROCESS:
        return record.processName
    chosen = os.environ.get(_PROCESS, "").strip()
    if chosen:
        return chosen
    program = (getattr(sys, "argv", None) or [""])[0]
    folder, name = os.path.split(program)
    stem = os.path.splitext(os.path.basename(folder) if name == "__main__.py" else name)[0]
    return stem if stem and stem != "-c" else "python"


def _exception(kind, value, trace):
    name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else "%s.%s" % (kind.__module__, kind.__qualname__)
    told = traceback.TracebackException(kind, value, trace)
    stack = "".join(told.format())
    # Type and message stand at its end again, unless it is a group.
    end = "".join(told.format_exception_only())
    return {"type": name, "message": _str(value), "stackTrace": (stack[: -len(end)] if stack.endswith(end) else stack).rstrip("\n")}


def _plain(value, depth=0):
    """A value that JSON has, or its text."""
    kind = type(value)
    if value is None or kind is str or kind is int or kind is bool:
        return value
    if isinstance(value, str):
        return _str(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Rational):
        return float(value) if value - value == 0 else _str(value)
    if depth < _DEEPEST:
        if isinstance(value, dict):
            return {_str(key): _plain(item, depth + 1) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [_plain(item, depth + 1) for item in value]
    return _str(value)


def _str(value):
    try:
        return str(value)
    except Exception as error:
        return "(%s has no text: %s)" % (type(value).__name__, type(error).__name__)


def _text(record, formatter):
    own = formatter is not None and formatter is not _MESSAGE_ONLY
    return (formatter if own else logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")).format(record)


def _line_text(line):
    record = json.loads(line)
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record["timestamp"]))
    return "%s %s %s %s" % (moment, logging.getLevelName(record["level"]), record["category"], record["message"])


def _owner_of(address):
    """Whose the first folder on the way up is that can be looked at: that one lets nobody in but its owner."""
    try:
        import pwd
    except ImportError:
        return "another user"
    path = address
    while True:
        try:
            user = os.stat(path).st_uid
            break
        except OSError:
            if os.path.dirname(path) == path:
                return "another user"
            path = os.path.dirname(path)
    try:
        return "user '%s'" % pwd.getpwuid(user).pw_name
    except KeyError:
        return "user %d" % user


def _print(text):
    if sys.stderr is not None:
        print(text, file=sys.stderr)


def _flush(handler):
    known = handler()
    if known is not None:
        known.close()


def _forget_all():
    for handler in list(_handlers):
        handler._forget()


_MESSAGE_ONLY = logging.Formatter("%(message)s")
_handlers = weakref.WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)

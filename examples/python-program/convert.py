"""Converts one file, or says that it does; what it logs goes to the listener of the session that started it."""

import logging.config
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "clients", "python"))

logging.config.dictConfig({
    "version": 1,
    "handlers": {"queuelog": {"class": "queuelog.QueueLogHandler"}},
    "root": {"handlers": ["queuelog"], "level": "INFO"},
})
log = logging.getLogger("convert")

number = int(sys.argv[1])
log.info("converting file %d", number)
if number == 3:
    log.warning("file %d is empty", number, extra={"bytes": 0})
print(number * 100)

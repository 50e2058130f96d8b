"""A plugin of pytest: each test runs in a process of its own, in which no other has run."""

import json
import os
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item):
    hook, file = item.config.hook, Path(f"report-of-{os.getpid()}.json")
    if (child := os.fork()) == 0:
        reports = runtestprotocol(item, log=False, nextitem=None)
        plain = [hook.pytest_report_to_serializable(config=item.config, report=each) for each in reports]
        file.write_text(json.dumps(plain))
        os._exit(0)
    os.waitpid(child, 0)
    for plain in json.loads(file.read_text()):
        report = hook.pytest_report_from_serializable(config=item.config, data=plain)
        item.ihook.pytest_runtest_logreport(report=report)
    file.unlink()
    return True

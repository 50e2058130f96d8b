"""Calls made by hand, for the tests that plan their faults."""

from __future__ import annotations

import json

from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import NotApplicable, Trial
from connector_contract.recording.call import Call, Success
from connector_contract.recording.interactions import Interaction, Request, Response

ORIGIN = "https://acme.example.com"


def said(path, body, *headers, method="GET", status=200, sent=b""):
    """A request for a path and its response, in JSON unless it is bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    uri = path if path.startswith("http") else ORIGIN + path
    return Interaction(Request(method, uri, (), sent), Response(status, "", headers, data))


def called(*interactions, capability="list_accounts", ids=(), response=None, recorded=(), **asked):
    """A call that made some requests, and gave accounts with some ids."""
    if response is None:
        response = {"response": [{"integration_specific_id": each} for each in ids]}
    numbers = dict(enumerate(interactions, 1))
    call = Call(capability, Success(), asked, tuple(numbers))
    return BrokenCall(call, numbers, response, recorded=recorded or interactions)


def planned(module, call, number=1, *, fault=None):
    """The trials of a module at an interaction, of one fault or of all."""
    found = [each for each in module.trials(call, number) if isinstance(each, Trial)]
    return [each for each in found if fault is None or each.fault is fault]


def bodies(trials):
    """What each trial has in place of the one response that it breaks, by its detail."""
    return {each.detail: json.loads(next(iter(each.changes.values())).body) for each in trials}


def not_planned(module, call, number=1):
    """Why each fault that does not apply at an interaction does not, by its name."""
    return {
        each.fault.name: each.why for each in module.trials(call, number) if isinstance(each, NotApplicable)
    }

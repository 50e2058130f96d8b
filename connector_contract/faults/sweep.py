"""Replays one recorded call with each fault that applies to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.catalogue import trials
from connector_contract.faults.fault import NotApplicable, Row, Trial
from connector_contract.faults.judged import Seen, judged, not_applicable
from connector_contract.recording.call import Call, outcome_of
from connector_contract.recording.replay import Replayed, Replays
from connector_contract.recording.sdk_errors import error_map

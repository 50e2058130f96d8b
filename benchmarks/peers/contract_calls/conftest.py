from benchmarks.coroutines import pytest_pyfunc_call, snapshot

__all__ = ["pytest_pyfunc_call", "snapshot"]

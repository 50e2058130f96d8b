"""The rules of the standard contract, as pure functions: what was asked and answered in, breaches out.

``answers`` has what all of them look at, the connector's answers, and ``bodies`` the upstream's that these
were made from. ``unread`` stands on ``lists`` and ``paging``; ``writes`` on ``written``, and beside it are
``side_effects``, ``write_examples`` and ``maximum``. Each further module is a section of the contract.
"""

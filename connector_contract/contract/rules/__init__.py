"""The rules of the standard contract, as pure functions: requests and responses in, breaches out.

All of them look at ``responses``, the connector's, and at ``bodies``, the upstream's behind these.
``unread`` stands on ``lists`` and ``paging``; ``writes`` on ``written``, and beside it are
``side_effects``, ``write_examples`` and ``maximum``. Each further module is a section of the contract.
"""

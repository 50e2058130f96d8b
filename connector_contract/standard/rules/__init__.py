"""The rules of the standard contract, as pure functions: what was asked and answered in, breaches out.

``answers`` has what a rule looks at: a walk, its records, its recorded bodies. Each other module is a rule
of the contract. Who asks, and when, is in ``connector_contract.standard.contract``.
"""

"""MockApp's objects, as far as the connector reads them.

What it does not read is not declared: such a field may change or go without breaking a sync.
"""

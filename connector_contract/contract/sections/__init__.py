"""The rules of the standard contract, as tests, by what they are about."""

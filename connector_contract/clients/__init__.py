"""The HTTP clients that a connector may use: how their requests come to be played or recorded."""

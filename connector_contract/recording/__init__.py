"""What a scenario records and plays: the calls, the requests behind them, and the cassette."""

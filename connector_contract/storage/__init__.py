"""What a scenario keeps: cassettes and snapshots, their text, their files, and what is wrong with them."""

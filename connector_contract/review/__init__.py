"""What a change of the stored files means for people's access."""

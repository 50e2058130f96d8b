"""What a recording may write to a real tenant, and how it is put back."""

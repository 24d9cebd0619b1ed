"""What pages of the awards room read."""

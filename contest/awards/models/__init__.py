"""Tables of the awards room, split by noun; imported here so that all of them are known."""

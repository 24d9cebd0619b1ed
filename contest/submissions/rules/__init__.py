"""Rules of essays: limits, texts, identity, codes, copies; pure, `now` is a parameter."""

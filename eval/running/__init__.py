"""How a run goes: what it tells without a terminal, how it goes on after a stop, and what it was made of."""

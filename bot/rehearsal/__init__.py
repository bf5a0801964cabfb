"""Business time played in seconds: the demo's clock, and `okr rehearse` on a copy of one's data."""

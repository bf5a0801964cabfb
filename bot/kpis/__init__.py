"""KPIs beside the goals: how they stand, their readings, what follows from them."""

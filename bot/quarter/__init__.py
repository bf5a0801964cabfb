"""What a quarter is made of: planning, half time, grades, what goes on and what was learnt."""

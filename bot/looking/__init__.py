"""What the words that look at many teams share: which teams are meant, and what is seen of them."""

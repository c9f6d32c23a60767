"""What is recorded: the tables, their contract, and what is derived from them."""

"""The OKR method as pure arithmetic and rules: nothing here reads a clock or a database."""

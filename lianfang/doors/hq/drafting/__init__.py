"""Forms of the table editor: a row of rules, its conditions, the questions, without anybody writing JSON."""

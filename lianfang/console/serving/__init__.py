"""How `lianfang serve` brings a city up: what it finds missing, and the processes it runs."""

"""The outbox: a journey writes what somebody is to be told, this room tells it, and knows nothing of why."""

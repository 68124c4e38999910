"""The ground: the register of divisions, its editions, and the other names people use."""

"""The show room: a generated city. Nobody in it exists, and no sentence of it was written by anybody real."""

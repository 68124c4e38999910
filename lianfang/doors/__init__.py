"""The doors: HTTP only here. Intake and live board as plain ASGI, everything else Django through its WSGI handler."""

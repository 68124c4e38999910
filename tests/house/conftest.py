from tests.doors.conftest import phone

__all__ = ["phone"]

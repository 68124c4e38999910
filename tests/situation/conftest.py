from tests.doors.conftest import city, phone

__all__ = ["city", "phone"]

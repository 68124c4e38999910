"""Days and hours as the city counts them: Asia/Shanghai, UTC+8 the year round since 1991."""

from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
QUARTER_HOUR = timedelta(minutes=15)


def day_of(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def hour_of(moment: datetime) -> int:
    return moment.astimezone(SHANGHAI).hour


def start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def quarter_of(moment: datetime) -> datetime:
    """The whole quarter-hour at or before the moment (UTC)."""
    seconds = int(moment.timestamp()) // 900 * 900
    return datetime.fromtimestamp(seconds, UTC)

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "check_in_door.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0025_facilities'),
    ]

    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

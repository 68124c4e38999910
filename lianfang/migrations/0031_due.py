from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "due.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0030_orders'),
    ]

    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

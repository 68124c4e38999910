from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "ends.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0018_places'),
    ]

    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

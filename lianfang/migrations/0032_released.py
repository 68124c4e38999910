from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "released.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0031_due'),
    ]

    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

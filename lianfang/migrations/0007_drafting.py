"""Rules that are ended before their time, by whom and why; what was laid ahead gives way to what is approved."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "drafting.sql"


class Migration(migrations.Migration):
    dependencies = [("lianfang", "0006_screening")]

    operations = [
        migrations.AddField(
            "ruleperiod",
            "ended_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="lianfang.officer"
            ),
        ),
        migrations.AddField("ruleperiod", "ended_for", models.TextField(blank=True, default="")),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "grid_doors.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0015_referral_desk'),
    ]

    operations = [
        migrations.CreateModel(
            name='RosterAnswer',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('roster_id', models.UUIDField()),
                ('jurisdiction', models.BigIntegerField()),
                ('digest', models.BinaryField()),
                ('about', models.UUIDField()),
                ('occurred_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('state', models.TextField(null=True)),
                ('late', models.BooleanField()),
                ('code', models.TextField(blank=True)),
            ],
            options={
                'db_table': 'roster_answer',
                'managed': False,
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

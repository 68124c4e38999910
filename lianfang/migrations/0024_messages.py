from pathlib import Path

import django.contrib.postgres.fields
import lianfang.kernel.ids
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "messages.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0023_notices'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=lianfang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('channel', models.TextField()),
                ('subject_kind', models.TextField()),
                ('subject_id', models.UUIDField()),
                ('person_id', models.UUIDField(null=True)),
                ('robot_id', models.UUIDField(null=True)),
                ('jurisdiction', models.BigIntegerField()),
                ('purpose', models.TextField()),
                ('on_day', models.DateField()),
                ('half', models.TextField(null=True)),
                ('part', models.SmallIntegerField(default=1)),
                ('markdown', models.BooleanField(default=False)),
                ('plain', models.TextField(null=True)),
                ('wrapped_key', models.BinaryField(null=True)),
                ('sealed', models.BinaryField(null=True)),
                ('written_at', models.DateTimeField()),
                ('state', models.TextField()),
                ('attempts', models.SmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('given_up_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'message',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='MessageAttempt',
            fields=[
                ('id', models.UUIDField(default=lianfang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('message_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('ok', models.BooleanField()),
                ('code', models.TextField()),
                ('detail', models.TextField(default='')),
            ],
            options={
                'db_table': 'message_attempt',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Robot',
            fields=[
                ('id', models.UUIDField(default=lianfang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('division', models.TextField()),
                ('jurisdiction', models.BigIntegerField()),
                ('name', models.TextField()),
                ('webhook', models.BinaryField(null=True)),
                ('added_by', models.UUIDField()),
                ('added_at', models.DateTimeField()),
                ('retired_by', models.UUIDField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('sends', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), default=list, size=None)),
                ('quiet_until', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'robot',
                'managed': False,
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

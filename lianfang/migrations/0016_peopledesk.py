from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "people_desk.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0015_referral_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='kinship',
            name='taken_back_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='kinship',
            name='taken_back_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='other_phones_index',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(), null=True, size=None),
        ),
        migrations.CreateModel(
            name='HouseholdJoin',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('kept_jurisdiction', models.BigIntegerField()),
                ('joined_jurisdiction', models.BigIntegerField()),
                ('joined_by', models.UUIDField()),
                ('joined_at', models.DateTimeField()),
                ('reason', models.TextField(null=True)),
                ('undone_by', models.UUIDField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'household_join',
                'managed': False,
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

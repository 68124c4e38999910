from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "referral_desk.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0014_referrals'),
    ]

    operations = [
        migrations.AddField(
            model_name='referral',
            name='checkpoint',
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name='referral',
            name='registered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='referral',
            name='placed_from',
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='ReferralSheet',
            fields=[
                ('number', models.AutoField(primary_key=True, serialize=False)),
                ('id', models.UUIDField(unique=True)),
                ('division', models.TextField()),
                ('jurisdiction', models.BigIntegerField()),
                ('printed_at', models.DateTimeField()),
                ('printed_by', models.UUIDField()),
                ('reference', models.TextField()),
                ('referrals', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
            ],
            options={
                'db_table': 'referral_sheet',
                'managed': False,
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

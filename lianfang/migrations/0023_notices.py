from datetime import timedelta
from pathlib import Path

import django.db.models.deletion
import lianfang.kernel.ids
from django.db import migrations, models
from django.db.models import F, Q

SQL = Path(__file__).parent / "sql" / "notices.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0022_quarantine'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaceNotice',
            fields=[
                ('id', models.UUIDField(default=lianfang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('division', models.TextField()),
                ('jurisdiction', models.BigIntegerField()),
                ('title', models.TextField()),
                ('body', models.TextField()),
                ('title_en', models.TextField(blank=True, default='')),
                ('body_en', models.TextField(blank=True, default='')),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField()),
                ('written_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, default='')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lianfang.officer')),
                ('approver', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lianfang.officer')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lianfang.officer')),
            ],
            options={
                'db_table': 'place_notice',
                'indexes': [models.Index(fields=['jurisdiction', 'valid_until'], name='place_notice_by_place')],
                'constraints': [
                    models.CheckConstraint(condition=Q(approver=None, approved_at=None) | (Q(approver__isnull=False, approved_at__isnull=False) & ~Q(approver=F('author'))), name='place_notice_is_approved_by_another_officer'),
                    models.CheckConstraint(condition=Q(withdrawn_by=None, withdrawn_at=None, reason='') | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(reason='')), name='place_notice_is_withdrawn_by_somebody_who_says_why'),
                    models.CheckConstraint(condition=Q(valid_until__gt=F('valid_from')) & Q(valid_until__lte=F('valid_from') + timedelta(days=30)), name='place_notice_is_for_30_days_at_most'),
                ],
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

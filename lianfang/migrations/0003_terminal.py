"""The terminal: more cubes and their settling, the clerk, closings, findings, display tokens. See sql/terminal.sql."""

from pathlib import Path

import django.db.models.deletion
import lianfang.kernel.ids
from django.db import migrations, models


SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0002_trust_and_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClerkPosition',
            fields=[
                ('id', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('next_tx', models.BigIntegerField()),
                ('settled_until', models.DateField(null=True)),
            ],
            options={
                'db_table': 'clerk_position',
            },
        ),
        migrations.CreateModel(
            name='DisplayToken',
            fields=[
                ('id', models.UUIDField(default=lianfang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('token_hash', models.BinaryField(unique=True)),
                ('made_by', models.UUIDField()),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_by', models.UUIDField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'display_token',
            },
        ),
        migrations.CreateModel(
            name='DistinctPeople',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('span', models.TextField(choices=[('DAY', '日'), ('MONTH', '月')])),
                ('day', models.DateField()),
                ('people', models.IntegerField()),
                ('without_document', models.IntegerField()),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'distinct_people',
            },
        ),
        migrations.CreateModel(
            name='LastSent',
            fields=[
                ('device_id', models.UUIDField(primary_key=True, serialize=False)),
                ('received_at', models.DateTimeField()),
                ('occurred_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'last_sent',
            },
        ),
        migrations.CreateModel(
            name='QualityTask',
            fields=[
                ('id', models.UUIDField(default=lianfang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('finding', models.TextField()),
                ('key', models.TextField()),
                ('day', models.DateField()),
                ('first_day', models.DateField()),
                ('checkpoint', models.TextField()),
                ('jurisdiction', models.BigIntegerField()),
                ('assigned_to', models.UUIDField()),
                ('assigned_by', models.UUIDField()),
                ('assigned_at', models.DateTimeField()),
                ('note', models.TextField(blank=True)),
                ('done_by', models.UUIDField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('outcome', models.TextField(blank=True)),
            ],
            options={
                'db_table': 'quality_task',
            },
        ),
        migrations.CreateModel(
            name='SettledCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cube', models.TextField()),
                ('day', models.DateField()),
                ('hour', models.SmallIntegerField()),
                ('key', models.TextField()),
                ('across', models.TextField(default='')),
                ('passages', models.IntegerField()),
                ('vehicles', models.IntegerField()),
                ('people', models.IntegerField()),
                ('folded_on', models.DateField()),
            ],
            options={
                'db_table': 'settled_cell',
            },
        ),
        migrations.CreateModel(
            name='ShiftClosing',
            fields=[
                ('id', models.UUIDField(default=lianfang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('shift', models.TextField()),
                ('report', models.TextField(choices=[('COUNTED', '有通行'), ('ZERO', '零报告')])),
                ('hand_vehicles', models.IntegerField()),
                ('hand_people', models.IntegerField()),
                ('recorded_vehicles', models.IntegerField()),
                ('recorded_people', models.IntegerField()),
                ('recorded_as_of', models.DateTimeField()),
                ('explanation', models.TextField(blank=True)),
                ('closed_by', models.UUIDField()),
                ('closed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'shift_closing',
            },
        ),
        migrations.RemoveConstraint(
            model_name='cell',
            name='cell_stands_once_for_its_quarter_day_hour_key',
        ),
        migrations.AddField(
            model_name='cell',
            name='across',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='foldposition',
            name='cubes',
            field=models.TextField(default=''),
        ),
        migrations.AddConstraint(
            model_name='cell',
            constraint=models.UniqueConstraint(fields=('cube', 'quarter', 'day', 'hour', 'key', 'across'), name='cell_stands_once_for_its_quarter_day_hour_and_keys'),
        ),
        migrations.AddConstraint(
            model_name='displaytoken',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='display_token_expires_after_it_was_made'),
        ),
        migrations.AddConstraint(
            model_name='distinctpeople',
            constraint=models.UniqueConstraint(fields=('span', 'day'), name='distinct_people_are_counted_once_for_a_span'),
        ),
        migrations.AddConstraint(
            model_name='qualitytask',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at__isnull', True)), fields=('finding', 'key'), name='quality_task_is_open_once_for_a_finding'),
        ),
        migrations.AddConstraint(
            model_name='qualitytask',
            constraint=models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('done_by__isnull', False), _connector='OR'), name='quality_task_is_done_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='settledcell',
            constraint=models.UniqueConstraint(fields=('cube', 'folded_on', 'day', 'hour', 'key', 'across'), name='settled_cell_stands_once_for_its_day_of_folding_and_keys'),
        ),
        migrations.AddField(
            model_name='shiftclosing',
            name='checkpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='lianfang.checkpoint'),
        ),
        migrations.AddIndex(
            model_name='shiftclosing',
            index=models.Index(fields=['day', 'checkpoint'], name='shift_closing_by_day'),
        ),
        migrations.AddConstraint(
            model_name='shiftclosing',
            constraint=models.CheckConstraint(condition=models.Q(('hand_vehicles__gte', 0), ('hand_people__gte', 0)), name='shift_closing_counts_are_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='shiftclosing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('report', 'ZERO'), _negated=True), models.Q(('hand_vehicles', 0), ('hand_people', 0)), _connector='OR'), name='shift_closing_of_a_zero_report_counts_nobody'),
        ),
        migrations.AddConstraint(
            model_name='shiftclosing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hand_vehicles', models.F('recorded_vehicles')), ('hand_people', models.F('recorded_people'))), models.Q(('explanation', ''), _negated=True), _connector='OR'), name='shift_closing_explains_a_difference'),
        ),
        migrations.RunSQL((SQL / "terminal.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

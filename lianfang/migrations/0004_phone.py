"""The phone at the barrier: devices that report and are wiped, crews, declarations, paper. See sql/phone.sql."""

from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import lianfang.kernel.ids
from django.db import migrations, models


SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0003_terminal'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClockIn',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('officer', models.TextField()),
                ('lane', models.TextField(blank=True)),
                ('came_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'clock_in',
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField(choices=[('DECLARATION', '旅客申报'), ('CARD', '通勤卡')])),
                ('short_code', models.TextField()),
                ('seat', models.TextField(blank=True)),
                ('people', models.SmallIntegerField()),
                ('sealed', models.BinaryField()),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'declaration',
            },
        ),
        migrations.CreateModel(
            name='DeviceReport',
            fields=[
                ('device', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='report', serialize=False, to='lianfang.device')),
                ('seen_at', models.DateTimeField()),
                ('unsent', models.IntegerField()),
                ('set_aside', models.IntegerField()),
                ('oldest_unsent_at', models.DateTimeField(null=True)),
                ('clock_offset_ms', models.BigIntegerField(null=True)),
                ('battery_percent', models.SmallIntegerField(null=True)),
                ('storage_free_mb', models.IntegerField(null=True)),
                ('program', models.TextField(blank=True)),
                ('rules', models.TextField(blank=True)),
                ('lane', models.TextField(blank=True)),
                ('officer', models.TextField(blank=True)),
            ],
            options={
                'db_table': 'device_report',
            },
        ),
        migrations.CreateModel(
            name='PaperLine',
            fields=[
                ('id', models.UUIDField(default=lianfang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('row', models.SmallIntegerField()),
                ('passage_id', models.UUIDField(null=True)),
                ('plate_index', models.BinaryField(null=True)),
                ('occurred_at', models.DateTimeField()),
                ('people', models.SmallIntegerField()),
                ('typed_by', models.UUIDField()),
                ('typed_at', models.DateTimeField()),
                ('checked_by', models.UUIDField(null=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('explanation', models.TextField(blank=True)),
            ],
            options={
                'db_table': 'paper_line',
            },
        ),
        migrations.CreateModel(
            name='PaperPad',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('purpose', models.TextField(choices=[('ENTRY', '纸质登记'), ('PILOT', '试运行对照')])),
                ('rows', models.SmallIntegerField()),
                ('printed_by', models.UUIDField()),
                ('printed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'paper_pad',
            },
        ),
        migrations.CreateModel(
            name='Roster',
            fields=[
                ('id', models.UUIDField(default=lianfang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.TextField(unique=True)),
                ('expected', models.SmallIntegerField()),
                ('sealed', models.BinaryField(null=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'roster',
            },
        ),
        migrations.CreateModel(
            name='ShiftHandover',
            fields=[
                ('id', models.UUIDField(default=lianfang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('shift', models.TextField()),
                ('note', models.TextField(blank=True)),
                ('open_items', models.JSONField(default=list)),
                ('handed_by', models.UUIDField()),
                ('handed_at', models.DateTimeField()),
                ('accepted_by', models.UUIDField(null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'shift_handover',
            },
        ),
        migrations.AddField(
            model_name='device',
            name='earlier',
            field=django.contrib.postgres.fields.ArrayField(base_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='device',
            name='wipe_asked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='device',
            name='wipe_asked_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='device',
            name='wipe_outbox',
            field=models.TextField(choices=[('KEEP', '保留未发记录'), ('DROP', '连未发记录一起清除')], null=True),
        ),
        migrations.AddField(
            model_name='device',
            name='wipe_reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='device',
            name='wiped_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.CheckConstraint(condition=models.Q(('wipe_asked_at__isnull', True), ('wipe_outbox__isnull', False), _connector='OR'), name='device_wipe_says_what_becomes_of_the_outbox'),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.CheckConstraint(condition=models.Q(('wipe_outbox__isnull', True), models.Q(('wipe_outbox', 'DROP'), _negated=True), models.Q(('wipe_reason', ''), _negated=True), _connector='OR'), name='device_wipe_that_drops_the_outbox_says_why'),
        ),
        migrations.AddField(
            model_name='clockin',
            name='checkpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clock_ins', to='lianfang.checkpoint'),
        ),
        migrations.AddField(
            model_name='clockin',
            name='device',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='lianfang.device'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='checkpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='lianfang.checkpoint'),
        ),
        migrations.AddConstraint(
            model_name='devicereport',
            constraint=models.CheckConstraint(condition=models.Q(('unsent__gte', 0), ('set_aside__gte', 0)), name='device_report_counts_are_not_negative'),
        ),
        migrations.AddField(
            model_name='paperpad',
            name='checkpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='lianfang.checkpoint'),
        ),
        migrations.AddField(
            model_name='paperline',
            name='pad',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='lianfang.paperpad'),
        ),
        migrations.AddField(
            model_name='roster',
            name='checkpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='lianfang.checkpoint'),
        ),
        migrations.AddField(
            model_name='declaration',
            name='roster',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='declarations', to='lianfang.roster'),
        ),
        migrations.AddField(
            model_name='shifthandover',
            name='checkpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='lianfang.checkpoint'),
        ),
        migrations.AddIndex(
            model_name='clockin',
            index=models.Index(fields=['checkpoint', 'came_at'], name='clock_in_by_checkpoint'),
        ),
        migrations.AddConstraint(
            model_name='clockin',
            constraint=models.CheckConstraint(condition=models.Q(('left_at__isnull', True), ('left_at__gte', models.F('came_at')), _connector='OR'), name='clock_in_leaves_after_it_came'),
        ),
        migrations.AddConstraint(
            model_name='paperpad',
            constraint=models.CheckConstraint(condition=models.Q(('rows__gte', 1), ('rows__lte', 1000)), name='paper_pad_has_rows'),
        ),
        migrations.AddConstraint(
            model_name='paperline',
            constraint=models.UniqueConstraint(fields=('pad', 'row'), name='paper_line_is_typed_once'),
        ),
        migrations.AddConstraint(
            model_name='paperline',
            constraint=models.CheckConstraint(condition=models.Q(('row__gte', 1)), name='paper_line_has_a_row_number'),
        ),
        migrations.AddConstraint(
            model_name='paperline',
            constraint=models.CheckConstraint(condition=models.Q(('checked_at__isnull', True), ('checked_by__isnull', False), _connector='OR'), name='paper_line_is_checked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='roster',
            constraint=models.CheckConstraint(condition=models.Q(('expected__gte', 1), ('expected__lte', 500)), name='roster_expects_people'),
        ),
        migrations.AddConstraint(
            model_name='roster',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='roster_expires_after_it_was_made'),
        ),
        migrations.AddIndex(
            model_name='declaration',
            index=models.Index(fields=['expires_at'], name='declaration_by_end'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.UniqueConstraint(fields=('checkpoint', 'short_code'), name='declaration_code_is_one_at_a_checkpoint'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(('people__gte', 1)), name='declaration_is_of_somebody'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='declaration_expires_after_it_was_made'),
        ),
        migrations.AddIndex(
            model_name='shifthandover',
            index=models.Index(fields=['checkpoint', 'handed_at'], name='shift_handover_by_checkpoint'),
        ),
        migrations.AddConstraint(
            model_name='shifthandover',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True)), fields=('checkpoint',), name='shift_handover_is_open_once_for_a_checkpoint'),
        ),
        migrations.AddConstraint(
            model_name='shifthandover',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', False), _connector='OR'), name='shift_handover_is_accepted_by_somebody'),
        ),
        migrations.CreateModel(
            name='PilotExplanation',
            fields=[
                ('id', models.UUIDField(default=lianfang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('passage_id', models.UUIDField(null=True, unique=True)),
                ('reason', models.TextField()),
                ('note', models.TextField(blank=True)),
                ('said_by', models.UUIDField()),
                ('said_at', models.DateTimeField()),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pilot_explanations', to='lianfang.checkpoint')),
                ('line', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pilot_explanation', to='lianfang.paperline')),
            ],
            options={
                'db_table': 'pilot_explanation',
            },
        ),
        migrations.AddConstraint(
            model_name='pilotexplanation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('line__isnull', True), ('passage_id__isnull', False)), models.Q(('line__isnull', False), ('passage_id__isnull', True)), _connector='OR'), name='pilot_explanation_is_of_one_side'),
        ),
        migrations.RunSQL((SQL / "phone.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

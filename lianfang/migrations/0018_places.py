from django.db import migrations, models
from django.db.models import Q

# A zone is an organisation: what came with the register as a colloquial name of its street says so from now on.
ZONES = "UPDATE region_alias SET kind = 'ZONE' WHERE alias = '滨海新区' AND kind = 'COLLOQUIAL'"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0017_review'),
    ]

    operations = [
        migrations.AlterField(
            model_name='regionalias',
            name='kind',
            field=models.TextField(choices=[('PRINTED_ERROR', '误写'), ('HAMLET', '自然屯'), ('FORMER_NAME', '曾用名'), ('COLLOQUIAL', '俗称'), ('ZONE', '功能区')]),
        ),
        migrations.AddField(
            model_name='regionalias',
            name='taught_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='regionalias',
            name='taught_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='regionalias',
            name='taken_back_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='regionalias',
            name='taken_back_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RemoveConstraint(
            model_name='regionalias',
            name='region_alias_starts_once_on_a_day',
        ),
        migrations.AddConstraint(
            model_name='regionalias',
            constraint=models.UniqueConstraint(condition=Q(taken_back_at=None), fields=('code', 'alias', 'valid_from'), name='region_alias_starts_once_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='regionalias',
            constraint=models.CheckConstraint(condition=Q(taught_by=None, taught_at=None) | Q(taught_by__isnull=False, taught_at__isnull=False), name='region_alias_is_taught_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='regionalias',
            constraint=models.CheckConstraint(condition=Q(taken_back_by=None, taken_back_at=None) | Q(taken_back_by__isnull=False, taken_back_at__isnull=False), name='region_alias_is_taken_back_by_somebody'),
        ),
        migrations.RunSQL(ZONES, migrations.RunSQL.noop),
    ]

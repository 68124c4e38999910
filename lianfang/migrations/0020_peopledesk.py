from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "people_desk.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0019_ends'),
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
        migrations.CreateModel(
            name='PersonPhone',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'phone_index', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('phone_index', models.BinaryField()),
            ],
            options={
                'db_table': 'person_phone',
                'managed': False,
            },
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

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lianfang', '0009_intake_rules'),
    ]

    operations = [
        migrations.AddField(model_name='ruledraft', name='before', field=models.JSONField(null=True)),
        migrations.AddField(model_name='ruledraft', name='trial', field=models.JSONField(null=True)),
    ]

from django.apps import AppConfig


class LianfangConfig(AppConfig):
    """The one installed app: a table can change rooms without a migration."""

    name = "lianfang"
    verbose_name = "联防"
    default_auto_field = "django.db.models.BigAutoField"

"""Sessions and reach, the partitioned records with their row-level security, and the grants. See sql/."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"

SYSTEM = """
INSERT INTO officer (id, sign_in_name, name, password, made_at)
VALUES ('00000000-0000-7000-8000-000000000001', 'system:work', '后台程序', '!', now());
INSERT INTO posting (id, officer_id, role, division, lo, hi, from_at)
VALUES ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'WORKER', '',
        0, 999999999999999999, now());
INSERT INTO fold_position (id, next_tx, mark_tx, version)
SELECT 1, oldest, next, 0 FROM lianfang_tx_bounds();
"""


def script(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / f"{name}.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("lianfang", "0001_tables")]

    operations = [
        script("trust"),
        script("records"),
        script("grants"),
        migrations.RunSQL(SYSTEM, migrations.RunSQL.noop),
    ]

import subprocess
import sys

IMPORT_ALL = """
import importlib, pkgutil, sys
import lianfang.machine as room
for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
    importlib.import_module(module.name)
print(sorted(name for name in sys.modules if name.split(".")[0] == "django" or name.startswith("lianfang.")))
"""


def test_the_machine_room_knows_no_django_and_nothing_of_the_house_above_it():
    said = subprocess.check_output([sys.executable, "-c", IMPORT_ALL], text=True)
    assert "lianfang.machine.postgres.cluster" in said
    assert "django" not in said
    assert said.count("lianfang.") == said.count("lianfang.machine")

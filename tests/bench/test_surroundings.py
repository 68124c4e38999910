from pathlib import Path

from lianfang.bench.surroundings import file_system, processor

MOUNTS = """\
/dev/vda / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
/dev/vdb /var/lib xfs rw 0 0
"""


def test_the_file_system_is_the_one_nearest_above_the_path() -> None:
    assert file_system(Path("/var/lib/lianfang"), MOUNTS) == "xfs"
    assert file_system(Path("/tmp/bench"), MOUNTS) == "tmpfs"
    assert file_system(Path("/srv"), MOUNTS) == "ext4"


def test_the_processor_is_named_once() -> None:
    assert (
        processor("processor\t: 0\nmodel name\t: Some CPU\nprocessor\t: 1\nmodel name\t: Some CPU\n")
        == "Some CPU"
    )
    assert processor("") != ""

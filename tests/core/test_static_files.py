"""Static files are copied with their compressed forms, once for each version."""

import gzip

from contest.core.static_files import compressed_copy
from contest.core.web import static_version


def test_a_copy_holds_the_same_files_and_their_compressed_forms(tmp_path):
    source = tmp_path / "source"
    (source / "css").mkdir(parents=True)
    (source / "css" / "a.css").write_text("p { color: red; }\n" * 50)
    (source / "tiny.js").write_text("1")
    copy = compressed_copy(source, tmp_path / "instance")
    names = sorted(path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file())
    assert names == ["css/a.css", "css/a.css.gz", "tiny.js"]
    packed = (copy / "css" / "a.css.gz").read_bytes()
    assert gzip.decompress(packed) == (source / "css" / "a.css").read_bytes()
    assert static_version(copy) == static_version(source)


def test_a_second_start_takes_the_same_copy_and_a_changed_file_a_new_one(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("p {}")
    first = compressed_copy(source, tmp_path)
    assert compressed_copy(source, tmp_path) == first
    (source / "a.css").write_text("b {}")
    assert compressed_copy(source, tmp_path) != first

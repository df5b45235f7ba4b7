from pathlib import Path

import pytest

from qa.config import Settings, load_settings
from qa.errors import UsageError


def test_flag_over_environment_over_file_over_default(tmp_path: Path) -> None:
    assert load_settings({}, {}, tmp_path) == Settings()
    (tmp_path / "qa.toml").write_text('corpus = "a"\nindex = "b"\ntop_k = 7\n')
    assert load_settings({}, {}, tmp_path) == Settings(tmp_path / "a", tmp_path / "b", top_k=7)
    merged = load_settings({"corpus": Path("flag"), "top_k": None}, {"QA_CORPUS": "env", "QA_TOP_K": "9"}, tmp_path)
    assert (merged.corpus, merged.index, merged.top_k) == (Path("flag"), tmp_path / "b", 9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('korpus = "x"', "unknown key 'korpus'; known are corpus, encoder, index, precision, reader, top_k"),
        ("top_k = 'many'", "top_k is 'many'"),
        ("top_k = 0", "top_k is 0"),
        ("precision = 'high'", "precision is 'high'"),
        ("precision = 1", "precision is 1"),
        ("reader = 'huge'", "reader is 'huge'; give"),
        ("top_k = 101", "top_k is 101"),
        ("=", "cannot be read as TOML"),
    ],
)
def test_bad_files_name_the_value(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "qa.toml").write_text(text)
    with pytest.raises(UsageError, match=message):
        load_settings({}, {}, tmp_path)

from pathlib import Path

import pytest

from qa.config import Server, Settings, load_settings
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
        (
            'korpus = "x"',
            "unknown key 'korpus'; known are corpus, encoder, index, precision, ray, reader, store, store_c",
        ),
        ("top_k = 'many'", "top_k is 'many'"),
        ("top_k = 0", "top_k is 0"),
        ("precision = 'high'", "precision is 'high'"),
        ("precision = 1", "precision is 1"),
        ("reader = 'huge'", "reader is 'huge'; give"),
        ("top_k = 101", "top_k is 101"),
        ("store = 'http://host/x'", "store is 'http://host/x'; give milvus"),
        ("store = 'milvus+http://host:port/x'", "store is 'milvus.http://host:port/x'; give milvus"),
        ("store = 'milvus+http://host'", "the name of a collection is letters"),
        ("store = 'milvus+file:///folder/name'", "give milvus.http://host:19530/collection or milvus.file"),
        ("store = 'milvus+http://root:secret@host/x'", "a token goes into QA_STORE_TOKEN"),
        ("store_shards = 0", "store_shards is 0; give a number from 1 to 64"),
        ("store_replicas = 'two'", "store_replicas is 'two'; give a whole number"),
        ("store_consistency = 'strong'", "store_consistency is 'strong'; give Bounded or Strong"),
        ("store_dense_only = 'maybe'", "store_dense_only is 'maybe'; give true or false"),
        ("ray = 'ray://host:10001'", "ray is 'ray://host:10001'; give local, auto or the host:port of a cluster"),
        ("=", "cannot be read as TOML"),
    ],
)
def test_bad_files_name_the_value(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "qa.toml").write_text(text)
    with pytest.raises(UsageError, match=message):
        load_settings({}, {}, tmp_path)


def test_a_server_has_an_address_a_collection_and_no_token_in_what_is_printed(tmp_path: Path) -> None:
    assert load_settings({}, {}, tmp_path).server is None
    (tmp_path / "qa.toml").write_text(
        'store = "milvus+https://host/papers"\nstore_shards = 2\nstore_dense_only = true\n'
    )
    settings = load_settings({}, {"QA_STORE_TOKEN": "root:secret"}, tmp_path)
    assert settings.server == Server("https://host:19530", "papers", "root:secret", 2, dense_only=True)
    assert "secret" not in repr(settings) + repr(settings.server)
    assert Settings(store="milvus+http://[::1]:9/a").server == Server("http://[::1]:9", "a")
    file = Settings(store="milvus+file:///data/x.db").server
    assert file == Server("/data/x.db", "qa")
    assert file.is_file

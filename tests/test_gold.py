"""Gold sets in their three forms, and the project's own."""

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SHARED
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import GoldError, UsageError
from qa.evaluate.gold import ground, load_gold, writable, write_corpus
from qa.ingest.corpus import load_corpus

OURS = ROOT / "tests" / "gold" / "missing-picture.jsonl"
LINE: dict[str, Any] = {
    "id": "q1",
    "split": "dev",
    "kind": "factoid",
    "fact": "runtime",
    "question": "How long is it?",
    "answerable": True,
    "answers": ["81 minutes"],
    "evidence": [{"doc_id": "article", "quote": "Runtime: 81\nminutes"}],
}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_our_gold_set_holds_and_is_what_it_is_said_to_be() -> None:
    gold, _ = ground(load_gold(OURS), ROOT / "corpus")
    assert len(gold.questions) >= 250
    kinds = Counter(question.kind for question in gold.questions)
    assert set(kinds) == set(
        "factoid list why_how quotation paraphrase typo conflict follow_up unanswerable off_topic false_premise "
        "order".split()
    )
    assert all(question.history for question in gold.questions if question.kind == "follow_up")
    nothing = {"unanswerable", "off_topic", "false_premise", "order"}
    assert all(question.answerable == (question.kind not in nothing) for question in gold.questions)


def test_our_split_is_by_the_parity_of_the_fact() -> None:
    for question in load_gold(OURS).questions:
        odd = int(hashlib.sha256(question.fact.encode()).hexdigest(), 16) % 2
        assert question.split == ("dev" if odd else "test"), question.id


def test_no_question_of_ours_is_asked_twice() -> None:
    asked = Counter((question.question.lower(), question.history) for question in load_gold(OURS).questions)
    assert max(asked.values()) == 1


def test_a_quote_without_offsets_is_found_at_every_place(tmp_path: Path, corpus: Path) -> None:
    loose = {**LINE, "id": "q2", "fact": "who", "answers": [], "evidence": [{"doc_id": "article", "quote": "Petrov"}]}
    gold, documents = ground(load_gold(write(tmp_path / "gold.jsonl", LINE, loose)), corpus)
    for question in gold.questions:
        for e in question.evidence:
            assert documents[e.doc_id].text[e.start : e.end] == e.quote
    assert gold.questions[0].evidence[0].quote == "Runtime: 81 minutes"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"evidence": [{"doc_id": "article", "quote": "Runtime: 99 minutes"}]}, "does not hold the quote"),
        ({"evidence": [{"doc_id": "article", "start": 3, "end": 9, "quote": "Runtime"}]}, "article:3-9 is .*, not"),
        ({"evidence": [{"doc_id": "article", "start": 0, "end": 99999, "quote": "x"}]}, "article:0-99999"),
        ({"evidence": [{"doc_id": "articel", "quote": "Runtime"}]}, "no document 'articel'"),
        ({"answers": ["82 minutes"]}, "no evidence holds the answer '82 minutes'"),
    ],
)
def test_what_the_corpus_does_not_hold_is_named(
    tmp_path: Path, corpus: Path, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(GoldError, match=f"q1: .*{message}|{message}"):
        ground(load_gold(write(tmp_path / "gold.jsonl", {**LINE, **change})), corpus)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": ""}, "id must be a string"),
        ({"id": 7}, "id must be a string"),
        ({"question": None}, "question must be a string"),
        ({"answer": "x"}, "unknown key 'answer'"),
        ({"answerable": False}, "an answerable question has evidence"),
        ({"evidence": []}, "an answerable question has evidence"),
        ({"evidence": "x"}, "evidence must be a list"),
        ({"evidence": [{"doc_id": "a"}]}, "doc_id and quote"),
        ({"evidence": [{"doc_id": "a", "quote": "b", "start": 1}]}, "start and end"),
        ({"evidence": [{"doc_id": "a", "quote": "b", "start": 1, "end": True}]}, "start and end"),
        ({"answers": [""]}, "lists of strings"),
        ({"history": "x"}, "history must be a list"),
        ({"kind": 3}, "kind must be a string"),
        ({"id": "q0"}, "the id 'q0' is there twice"),
        ({"split": "test"}, "the fact 'runtime' is in the split 'dev' too \\(q0\\)"),
    ],
)
def test_malformed_lines_are_named_by_file_and_line(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = write(tmp_path / "gold.jsonl", {**LINE, "id": "q0"}, {**LINE, **change})
    with pytest.raises(GoldError, match=f"gold.jsonl:2: .*{message}"):
        load_gold(path)


def test_every_malformed_line_has_its_own_problem(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a"}\nnot json\n[1]\n')
    with pytest.raises(GoldError) as raised:
        load_gold(path)
    assert [problem.split(": ")[0] for problem in raised.value.problems] == [f"{path}:{line}" for line in (1, 2, 3)]
    path.write_text("\n")
    with pytest.raises(GoldError, match="holds no question"):
        load_gold(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(GoldError, match="not UTF-8"):
        load_gold(path)


def test_splits(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", LINE, {**LINE, "id": "q2", "fact": "other", "split": "test"})
    assert [question.id for question in load_gold(path, "test").questions] == ["q2"]
    with pytest.raises(UsageError, match="no split 'train'; it has dev, test"):
        load_gold(path, "train")
    with pytest.raises(UsageError, match="no such gold set"):
        load_gold(tmp_path / "none.jsonl")


# --- folders ----------------------------------------------------------------------------------------------------


def folders(kind: str = "sets") -> dict[str, Any]:
    """Two small folders, in which one file name stands for different documents."""
    name = {"sets": "set_id", "films": "film_id"}[kind]
    return {
        kind: [
            {
                name: "boats",
                "subject": "boats",
                "documents": [
                    {"doc_id": "list.md", "text": "# Boats\n\nThe red boat was built in 1998.", "provenance": "ours"},
                    {"doc_id": "note", "text": "Nobody sold\nthe red boat."},
                ],
                "questions": [
                    {
                        "id": "b1",
                        "kind": "number",
                        "question": "When was the red boat built?",
                        "history": [],
                        "answerable": True,
                        "answers": ["1998", "in the year 1998"],
                        "evidence": [{"doc": "list.md", "text": "The red boat was built in 1998."}],
                        "twin": "b2",
                    },
                    {
                        "id": "b2",
                        "kind": "yes_no",
                        "question": "And was it sold?",
                        "history": ["When was the red boat built?"],
                        "answerable": True,
                        "answers": ["no"],
                        "evidence": [{"doc": "note", "text": "Nobody sold the red boat."}],
                    },
                ],
            },
            {
                name: "islands",
                "documents": [{"doc_id": "list.md", "text": "Nobody lives on the island of Runo."}],
                "questions": [
                    {"id": "i1", "kind": "absent", "question": "When was the red boat built?", "answerable": False}
                ],
            },
        ]
    }


@pytest.mark.parametrize("kind", ["sets", "films"])
def test_folders_are_asked_of_their_own_documents(tmp_path: Path, kind: str) -> None:
    gold = load_gold(write(tmp_path / "c.json", folders(kind)))
    assert (gold.form, gold.unit, gold.folders) == ("folders", "passage", ("boats", "islands"))
    assert [(q.id, q.fact, q.kind) for q in gold.questions] == [
        ("b1", "boats", "number"),
        ("b2", "boats", "yes_no"),
        ("i1", "islands", "absent"),
    ]
    boats, islands = (gold.of_folder(name) for name in gold.folders)
    write_corpus(boats, tmp_path / "boats")
    assert sorted(path.name for path in (tmp_path / "boats").iterdir()) == ["list.md", "note.txt"]
    grounded, documents = ground(boats, tmp_path / "boats")
    quotes = [(e.doc_id, e.quote) for q in grounded.questions for e in q.evidence]
    assert quotes == [("list", "The red boat was built in 1998."), ("note", "Nobody sold\nthe red boat.")]
    for e in (e for q in grounded.questions for e in q.evidence):
        assert documents[e.doc_id].text[e.start : e.end] == e.quote
    write_corpus(islands, tmp_path / "islands")
    assert ground(islands, tmp_path / "islands")[0].questions[0].answerable is False


def test_a_file_of_a_format_that_is_not_known_is_read_as_text(tmp_path: Path) -> None:
    data = folders()
    data["sets"][0]["documents"][0]["doc_id"] = "boats.yml"
    data["sets"][0]["questions"][0]["evidence"][0]["doc"] = "boats.yml"
    gold = load_gold(write(tmp_path / "c.json", data)).of_folder("boats")
    write_corpus(gold, tmp_path / "boats")
    assert ground(gold, tmp_path / "boats")[0].questions[0].evidence[0].doc_id == "boats.yml"


def test_a_sample_keeps_the_order_and_only_the_folders_that_are_asked(tmp_path: Path) -> None:
    gold = load_gold(write(tmp_path / "c.json", folders()))
    one = gold.sample(1, 0)
    assert len(one.questions) == len(one.folders) == 1
    assert gold.sample(3, 0) == gold


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("sets",), 3, "sets must be a list of objects"),
        (("sets", 0, "set_id"), "../up", "set_id must be a folder's name of its own, not '../up'"),
        (("sets", 1, "set_id"), "boats", "sets, 2: set_id must be"),
        (("sets", 0, "documents", 0, "doc_id"), "/etc/x", "a file's name of its own and a text, not '/etc/x'"),
        (("sets", 0, "documents", 0, "doc_id"), ".hidden", "not '.hidden'"),
        (("sets", 0, "documents", 1, "doc_id"), "list.md", "not 'list.md'"),
        (("sets", 0, "documents", 0, "text"), None, "a text, not 'list.md'"),
        (("sets", 1, "questions", 0, "id"), "b1", "sets, 2: question 'b1': the id 'b1' is there twice"),
        (("sets", 0, "questions", 0, "evidence"), [{"doc": "note"}], "question 'b1': evidence must be a list"),
        (("sets", 0, "questions", 0, "answerable"), False, "question 'b1': an answerable question has evidence"),
    ],
)
def test_malformed_folders_are_named(tmp_path: Path, path: tuple[Any, ...], value: object, message: str) -> None:
    data: Any = folders()
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(GoldError, match=message):
        load_gold(write(tmp_path / "c.json", data))


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
def test_the_shared_folders_hold(tmp_path: Path) -> None:
    for name in ("films/dev.json", "other/c.json"):
        gold = load_gold(SHARED / "data" / name)
        for folder in gold.folders:
            write_corpus(gold.of_folder(folder), tmp_path / folder)
            ground(gold.of_folder(folder), tmp_path / folder)


# --- SQuAD ------------------------------------------------------------------------------------------------------

CONTEXTS = ["The boat was built in 1998.\nIt sank.\r\n", "  Ana Ruiz steered the boat. The boat was red. "]


def squad(version: str = "v2.0") -> dict[str, Any]:
    return {
        "version": version,
        "data": [
            {
                "title": "The/Boat",
                "paragraphs": [
                    {
                        "context": CONTEXTS[0],
                        "qas": [
                            {"id": "s1", "question": "When?", "answers": [{"text": "1998", "answer_start": 22}]},
                            {"id": "s2", "question": "Who sold it?", "answers": [], "is_impossible": True},
                        ],
                    },
                    {
                        "context": CONTEXTS[1],
                        "qas": [
                            {
                                "id": "s3",
                                "question": "What was red?",
                                "answers": [
                                    {"text": "The boat", "answer_start": 29},
                                    {"text": "boat", "answer_start": 30},
                                ],
                                "is_impossible": False,
                            }
                        ],
                    },
                ],
            }
        ],
    }


def test_squad_brings_its_corpus_and_its_spans(tmp_path: Path) -> None:
    path = write(tmp_path / "dev.json", squad())
    gold = load_gold(path)
    write_corpus(gold, tmp_path / "made")
    gold, documents = ground(gold, tmp_path / "made")
    (document,) = documents.values()
    assert document.text == "".join(f"{context}\n\n" for context in CONTEXTS)
    assert [(q.id, q.answers, [e.quote for e in q.evidence]) for q in gold.questions] == [
        ("s1", ("1998",), ["1998"]),
        ("s2", (), []),
        ("s3", ("The boat", "boat"), ["The boat", "boat"]),
    ]
    second = len(CONTEXTS[0]) + 2
    assert gold.questions[2].evidence[0].start == second + 29


def test_squad_offsets_that_are_off_are_mended_to_the_nearest(tmp_path: Path) -> None:
    data = squad()
    data["data"][0]["paragraphs"][1]["qas"][0]["answers"] = [{"text": "boat", "answer_start": 33}]
    (start,) = [e.start for e in load_gold(write(tmp_path / "dev.json", data)).questions[2].evidence]
    assert start == len(CONTEXTS[0]) + 2 + CONTEXTS[1].rindex("boat")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("data",), 3, "data must be a list"),
        (("data", 0, "paragraphs"), None, "article 1: paragraphs must be a list"),
        (("data", 0, "paragraphs", 1, "context"), 3, "article 1, paragraph 2: context"),
        (("data", 0, "paragraphs", 1, "qas", 0, "id"), "s1", "paragraph 2: the id 's1' is there twice"),
        (("data", 0, "paragraphs", 1, "qas", 0, "answers", 0, "text"), "yacht", "'s3': the answer 'yacht' is not in"),
        (("data", 0, "paragraphs", 1, "qas", 0, "answers", 0), "yacht", "'s3': an answer must have a text"),
        (("data", 0, "paragraphs", 1, "qas", 0, "question"), None, "must have an id and a question"),
    ],
)
def test_malformed_squad_is_named(tmp_path: Path, path: tuple[Any, ...], value: object, message: str) -> None:
    data: Any = squad()
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(GoldError, match=message):
        load_gold(write(tmp_path / "dev.json", data))


# --- BEIR -------------------------------------------------------------------------------------------------------


def beir(folder: Path, qrels: str = "query-id\tcorpus-id\tscore\nq1\td 1\t2\nq1\td2\t0\nq2\td2\t1\n") -> Path:
    (folder / "qrels").mkdir(parents=True)
    write(
        folder / "corpus.jsonl",
        {"_id": "d 1", "title": "Boats", "text": "A boat was built in 1998."},
        {"_id": "d2", "title": "", "text": "Nobody lives on the island.", "metadata": {"url": "x"}},
    )
    write(
        folder / "queries.jsonl",
        {"_id": "q1", "text": "boat building"},
        {"_id": "q2", "text": "island"},
        {"_id": "q3", "text": "unjudged"},
    )
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return folder


@pytest.mark.parametrize("header", ["query-id\tcorpus-id\tscore\n", ""])
def test_beir_brings_its_corpus_and_judges_documents(tmp_path: Path, header: str) -> None:
    gold = load_gold(beir(tmp_path / "set", f"{header}q1\td 1\t2\nq1\td2\t0\nq2\td2\t1\n"))
    write_corpus(gold, tmp_path / "made")
    gold, documents = ground(gold, tmp_path / "made")
    assert (gold.unit, len(documents)) == ("document", 2)
    found = [(q.id, [(gold.names[e.doc_id], e.grade) for e in q.evidence]) for q in gold.questions]
    assert found == [("q1", [("d 1", 2)]), ("q2", [("d2", 1)])]


def test_a_relevant_document_without_words_is_judged(tmp_path: Path) -> None:
    folder = beir(tmp_path / "set", "q1\td 1\t1\nq1\td3\t1\n")
    with (folder / "corpus.jsonl").open("a") as file:
        file.write('{"_id": "d3", "text": ""}\n')
    gold = load_gold(folder)
    write_corpus(gold, tmp_path / "made")
    gold, _ = ground(gold, tmp_path / "made")
    assert [gold.names[e.doc_id] for e in gold.questions[0].evidence] == ["d 1", "d3"]


def test_only_line_ends_end_a_line_of_qrels(tmp_path: Path) -> None:
    folder = beir(tmp_path / "set", "q1\td\x851\t1\r\nq2\td2\t1\r")
    with (folder / "corpus.jsonl").open("a") as file:
        file.write('{"_id": "d\x851", "text": "A boat."}\n')
    gold = load_gold(folder)
    assert [[gold.names[e.doc_id] for e in q.evidence] for q in gold.questions] == [["d\x851"], ["d2"]]


@pytest.mark.parametrize(
    ("qrels", "message"),
    [
        ("q9\td2\t1\n", "test.tsv:1: the query 'q9' is not in queries.jsonl"),
        ("q1\td9\t1\n", "test.tsv:1: the document 'd9' is not in corpus.jsonl"),
        ("q1\td2\t1\nq1\td2\tyes\n", "test.tsv:2: not query-id"),
        ("q1\td2\t1\nq1\td2\t²\n", "test.tsv:2: not query-id"),
        ("query-id\tcorpus-id\tscore\n", "holds no question"),
    ],
)
def test_malformed_beir_is_named(tmp_path: Path, qrels: str, message: str) -> None:
    with pytest.raises(GoldError, match=message):
        load_gold(beir(tmp_path / "set", qrels))


def test_a_beir_folder_without_its_files(tmp_path: Path) -> None:
    folder = beir(tmp_path / "set")
    with pytest.raises(UsageError, match=r"train\.tsv: not there"):
        load_gold(folder, "train")
    (folder / "queries.jsonl").unlink()
    with pytest.raises(UsageError, match=r"queries\.jsonl: not there; a BEIR folder has"):
        load_gold(folder)


def test_a_made_corpus_is_not_mixed_with_strangers(tmp_path: Path) -> None:
    gold = load_gold(beir(tmp_path / "set"))
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"holds 'mine.txt', which is not of set"):
        write_corpus(gold, tmp_path / "made")
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["mine.txt"]


@given(st.text(alphabet=st.characters(), max_size=40))
def test_writable_text_comes_back_as_it_was_written(text: str) -> None:
    from qa.ingest.formats.encoding import decode

    made = writable(text)
    assert len(made) == len(text)
    assert decode(made.encode()).text == made


def test_documents_of_the_corpus_are_those_of_the_gold() -> None:
    used = {e.doc_id for question in load_gold(OURS).questions for e in question.evidence}
    assert used == {document.doc_id for document in load_corpus(ROOT / "corpus").documents}

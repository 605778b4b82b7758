"""The datasets: found in a clone and in a wheel, checked against their cards, fetched only when asked."""

from __future__ import annotations

import hashlib
import http.server
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentos_lab import datasets
from agentos_lab.datasets import TextDataset, available, card, download, load_table, load_text, python_texts
from agentos_lab.datasets import cards as cards_module
from agentos_lab.datasets import tables as tables_module
from agentos_lab.datasets import texts as texts_module

ROOT = Path(__file__).resolve().parents[1]
TEXT = "One day.\n\nAnother day.\n\nThe last day.\n"


def make_dataset(folder: Path, name: str, content: bytes | None, **fields: object) -> None:
    """A dataset folder with a card; `content` is written beside it when there is any."""
    (folder / name).mkdir(parents=True)
    content = content or b""
    written = {
        "title": f"The {name}",
        "kind": "text",
        "location": "shipped",
        "licence": "CC0-1.0",
        "source": "this test",
        "made": "by hand",
        "description": "A small one.",
        "file": "text.txt",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **fields,
    }
    (folder / name / "card.json").write_text(json.dumps(written), encoding="utf-8")
    if content:
        (folder / name / str(written["file"])).write_bytes(content)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for datasets, and an empty cache."""
    place = tmp_path / "datasets"
    place.mkdir()
    for module in (cards_module, tables_module, texts_module):
        monkeypatch.setattr(module, "data_folder", lambda: place)
    monkeypatch.setenv("AGENTOS_LAB_CACHE", str(tmp_path / "cache"))
    return place


# --- what ships
def test_every_dataset_has_a_card_a_readme_and_a_licence() -> None:
    assert {"stories", "python_topics", "python_docstrings", "tiny_shakespeare"} <= set(available().names)
    for found in available():
        assert found.title and found.licence and found.source and found.made and found.description
        assert (ROOT / "datasets" / found.name / "README.md").is_file(), found.name
        if found.location == "shipped":
            content = (ROOT / "datasets" / found.name / str(found.file)).read_bytes()
            assert (found.size, found.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_data_folder_is_no_package() -> None:
    assert not (ROOT / "datasets" / "__init__.py").exists()  # it must not hide the package named datasets


def test_the_readme_shows_the_first_story() -> None:
    readme = (ROOT / "datasets" / "stories" / "README.md").read_text(encoding="utf-8")
    quoted = " ".join(line.removeprefix("> ") for line in readme.splitlines() if line.startswith("> "))
    assert load_text("stories").text.startswith(quoted + "\n\n")


def test_docstrings_come_in_source_order_without_the_tests_and_without_importing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = {
        "b.py": '"""Second."""\nraise SystemExit("imported")\n',
        "a.py": '"""First."""\nif True:\n    def f():\n        """Inner."""\n\n\nclass C:\n    """Last of a."""\n',
        "test/test_a.py": '"""A test."""\n',
        "site-packages/other.py": '"""Of others."""\n',
        "broken.py": '"""Never."""\nthis is no Python\n',
    }
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    monkeypatch.setattr(python_texts.sysconfig, "get_path", lambda name: str(tmp_path))
    made = python_texts.python_docstrings.__wrapped__
    assert made() == "First.\n\nInner.\n\nLast of a.\n\nSecond.\n"
    monkeypatch.setattr(python_texts.sysconfig, "get_path", lambda name: str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match=r"load_text\('stories'\) works"):
        made()


def test_a_python_without_help_texts_says_what_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)
    with pytest.raises(ModuleNotFoundError, match=r"load_text\('stories'\)"):
        python_texts.python_topics.__wrapped__()


def test_the_listing_is_a_table() -> None:
    lines = str(available()).splitlines()
    assert lines[0].split() == ["name", "size", "where", "licence", "title"]
    assert any(line.startswith("stories ") and "Apache-2.0" in line for line in lines)
    column = lines[0].index("title")
    assert [line[column:] for line in lines[1:]] == [found.title for found in available()]
    assert "<table>" in available()._repr_html_() and "stories" in available()._repr_html_()
    assert "stories" in available() and len(available()) == len(available().names)


def test_a_card_prints_and_shows_its_checksum() -> None:
    found = card("tiny_shakespeare")
    assert found.sha256 == "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"
    assert found.sha256 in str(found) and found.licence in found._repr_html_()


def test_importing_takes_the_standard_library_only() -> None:
    heavy = "numpy pandas torch tqdm matplotlib"
    program = f"import sys, agentos_lab.datasets; print([name for name in {heavy!r}.split() if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_an_installed_package_finds_the_data_inside_itself(tmp_path: Path) -> None:
    """The layout of the wheel: the package alone, with the data as agentos_lab/_data."""
    package = tmp_path / "site" / "agentos_lab"
    shutil.copytree(
        ROOT / "agentos_lab" / "datasets", package / "datasets", ignore=shutil.ignore_patterns("__pycache__")
    )
    for module in ("__init__.py", "atomic_file.py", "progress.py"):
        shutil.copy(ROOT / "agentos_lab" / module, package)
    shutil.copytree(ROOT / "datasets", package / "_data")
    program = (
        f"import sys; sys.path.insert(0, {str(package.parent)!r});"
        "from agentos_lab.datasets import data_folder, load_text;"
        "print(data_folder()); print(len(load_text('stories')))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    place, length = done.stdout.split("\n")[:2]
    assert Path(place) == package.resolve() / "_data" and int(length) == len(load_text("stories"))


# --- texts
def test_a_text_is_split_between_paragraphs(folder: Path) -> None:
    make_dataset(folder, "days", TEXT.encode())
    text = load_text("days")
    assert text.split(0.3) == ("One day.\n\nAnother day.\n\n", "The last day.\n")
    for fraction in (0.01, 0.5, 0.9, 0.999):
        assert "".join(text.split(fraction)) == TEXT
    assert len(text) == len(TEXT) and "days" in str(text) and "CC0-1.0" in str(text)


def test_a_text_without_paragraphs_is_split_where_it_was_asked() -> None:
    text = TextDataset("letters", "abcdefghij", card("stories"))
    assert text.split(0.9) == ("abcdefghi", "j")


@pytest.mark.parametrize("fraction", [0, 1, -0.5, 1.5])
def test_a_split_needs_a_fraction(fraction: float) -> None:
    with pytest.raises(ValueError, match=r"strictly between 0 and 1, got .*0\.9"):
        TextDataset("letters", "abc", card("stories")).split(fraction)


def test_an_unknown_name_is_answered_with_the_nearest_and_the_list() -> None:
    with pytest.raises(
        ValueError, match=r"no dataset named 'storys'; did you mean 'stories'\? available are: .*python_topics"
    ):
        load_text("storys")
    with pytest.raises(ValueError, match=r"named 'zzz'; available are"):
        card("zzz")
    with pytest.raises(ValueError, match=r"no dataset named '\.\./secrets'"):
        load_text("../secrets")


def test_a_damaged_file_is_refused_with_both_checksums_and_a_remedy(folder: Path) -> None:
    make_dataset(folder, "days", TEXT.encode())
    path = folder / "days" / "text.txt"
    expected = hashlib.sha256(TEXT.encode()).hexdigest()
    path.write_bytes(TEXT.encode().replace(b"\n", b"\r\n"))
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(ValueError) as refused:
        load_text("days")
    for part in (str(path), expected, found, "git checkout -- datasets/days", "install the package again"):
        assert part in str(refused.value)
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"text\.txt is missing"):
        load_text("days")


def test_a_broken_card_names_its_file(folder: Path) -> None:
    make_dataset(folder, "days", TEXT.encode())
    (folder / "days" / "card.json").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match=r"card\.json is not a data card"):
        available()
    (folder / "days" / "card.json").write_text('{"title": "x", "colour": "red"}', encoding="utf-8")
    with pytest.raises(ValueError, match="colour"):
        available()


def test_a_card_with_an_unknown_location_is_refused(folder: Path) -> None:
    make_dataset(folder, "days", TEXT.encode(), location="moon")
    with pytest.raises(ValueError, match="location is 'moon'; it must be one of shipped"):
        card("days")


def test_a_card_of_an_unknown_kind_is_refused(folder: Path) -> None:
    make_dataset(folder, "days", TEXT.encode(), kind="song")
    with pytest.raises(ValueError, match="kind is 'song'; it must be one of text, table, model"):
        card("days")


def test_no_data_at_all_says_where_it_looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards_module, "__file__", str(tmp_path / "agentos_lab" / "datasets" / "cards.py"))
    with pytest.raises(FileNotFoundError, match=r"_data nor .*datasets holds a card\.json"):
        available()


# --- tables
def test_a_table_is_loaded_with_its_card(folder: Path) -> None:
    pandas = pytest.importorskip("pandas")
    make_dataset(folder, "cups", b"colour,broken\nblue,1\nwhite,0\n", kind="table", file="cups.csv")
    frame = load_table("cups")
    pandas.testing.assert_frame_equal(frame, pandas.DataFrame({"colour": ["blue", "white"], "broken": [1, 0]}))
    assert frame.attrs["card"].name == "cups"
    (folder / "cups" / "cups.csv").write_bytes(b"colour,broken\n")
    with pytest.raises(ValueError, match="damaged"):
        load_table("cups")


def test_texts_and_tables_point_at_each_other(folder: Path) -> None:
    make_dataset(folder, "cups", b"a\n1\n", kind="table", file="cups.csv")
    make_dataset(folder, "days", TEXT.encode())
    with pytest.raises(ValueError, match=r"is a table, not a text; load it with load_table\('cups'\)"):
        load_text("cups")
    with pytest.raises(ValueError, match=r"is a text, not a table; load it with load_text\('days'\)"):
        load_table("days")


def test_a_model_is_loaded_by_the_language_models() -> None:
    loader = r"load it with agentos_lab\.lm\.load_pretrained\('story-gpt'\)"
    with pytest.raises(ValueError, match=f"is a model, not a text; {loader}"):
        load_text("story_gpt")
    with pytest.raises(ValueError, match=f"needs no download; {loader}"):
        download("story_gpt")


def test_a_missing_pandas_is_named_with_its_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_dataset(folder, "cups", b"a\n1\n", kind="table", file="cups.csv")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ModuleNotFoundError, match="python -m pip install pandas"):
        load_table("cups")


def test_a_dataset_in_another_package_is_found_there_or_the_package_is_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"x,y\n1,2\n"
    fields = {"kind": "table", "location": "package", "package": "cup-shop", "file": "shelf/cups.csv"}
    make_dataset(folder, "cups", None, **fields, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    with pytest.raises(ModuleNotFoundError, match="python -m pip install cup-shop"):
        load_table("cups")
    (tmp_path / "lib" / "cup_shop" / "shelf").mkdir(parents=True)
    (tmp_path / "lib" / "cup_shop" / "__init__.py").touch()
    (tmp_path / "lib" / "cup_shop" / "shelf" / "cups.csv").write_bytes(content)
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    assert load_table("cups").to_dict("list") == {"x": [1], "y": [2]}


# --- downloads
@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Path, str, list[str]]]:
    """A web server on this machine: its folder, its address, and what it has been asked for."""
    place, asked = tmp_path / "web", []
    place.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(place))  # type: ignore[arg-type]

        def log_message(self, *args: object) -> None:
            asked.append(self.path)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        thread = threading.Thread(target=web.serve_forever, daemon=True)
        thread.start()
        yield place, f"http://127.0.0.1:{web.server_port}", asked
        web.shutdown()
        thread.join()


def offer(folder: Path, url: str, content: bytes) -> None:
    make_dataset(
        folder,
        "days",
        None,
        location="download",
        url=url,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def test_a_download_is_fetched_once_and_loaded_from_the_cache(
    folder: Path, server: tuple[Path, str, list[str]], tmp_path: Path
) -> None:
    place, address, asked = server
    (place / "input.txt").write_bytes(TEXT.encode())
    offer(folder, f"{address}/input.txt", TEXT.encode())
    with pytest.raises(FileNotFoundError, match=r"download\('days'\).*load_text\('stories'\)"):
        load_text("days")
    path = download("days")
    assert path == tmp_path / "cache" / "days" / "text.txt"
    assert download("days") == path and len(asked) == 1
    assert load_text("days").text == TEXT
    path.write_bytes(b"damaged")
    with pytest.raises(ValueError, match=r"delete it and call agentos_lab\.datasets\.download\('days'\)"):
        load_text("days")
    download("days")
    assert load_text("days").text == TEXT and len(asked) == 2
    assert [file.name for file in path.parent.iterdir()] == ["text.txt"]


def test_a_wrong_answer_of_the_server_leaves_nothing_behind(
    folder: Path, server: tuple[Path, str, list[str]], tmp_path: Path
) -> None:
    place, address, _ = server
    (place / "input.txt").write_bytes(b"<html>something else</html>")
    offer(folder, f"{address}/input.txt", TEXT.encode())
    with pytest.raises(ValueError, match=r"sent 27 bytes with sha256 .*expected 38 bytes.*nothing was kept"):
        download("days")
    assert not list((tmp_path / "cache" / "days").iterdir())


def test_without_a_network_the_message_says_what_works(folder: Path, tmp_path: Path) -> None:
    offer(folder, "http://127.0.0.1:9/input.txt", TEXT.encode())  # nobody listens there
    with pytest.raises(ConnectionError, match=r"could not be fetched from .*Without a network, load_text\('stories'\)"):
        download("days", timeout=2)
    assert not list((tmp_path / "cache" / "days").iterdir())


def test_a_missing_page_is_a_connection_error(folder: Path, server: tuple[Path, str, list[str]]) -> None:
    offer(folder, f"{server[1]}/nothing", TEXT.encode())
    with pytest.raises(ConnectionError, match="404"):
        download("days")


def test_only_downloads_are_downloaded() -> None:
    with pytest.raises(ValueError, match=r"needs no download; load it with load_text\('stories'\)"):
        download("stories")


def test_the_cache_can_be_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AGENTOS_LAB_CACHE", str(tmp_path))
    assert datasets.cache_folder() == tmp_path
    monkeypatch.delenv("AGENTOS_LAB_CACHE")
    assert "agentos-lab" in str(datasets.cache_folder())

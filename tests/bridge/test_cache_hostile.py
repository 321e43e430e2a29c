"""Names, paths, disks and files as nobody wishes them."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbblocks.bridge import cache
from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.filenames import MAX_DEPTH, MAX_NAME, MAX_SUFFIX, safe_name, safe_relative
from nbblocks.core.errors import InvalidPathError

ODD = "./\\: \t\0\n\x7f\u202e\u200b\u200d\u2028\uff0f\uff0e\u2044\u2215\u2024\u2025\ud800e\u0301é한😀aCON1"
TEXT = st.text(st.characters() | st.characters(categories=["Cs"]) | st.sampled_from(ODD), max_size=300)


@pytest.fixture
def store(tmp_path: Path) -> FileCache:
    return FileCache(tmp_path / "cache")


def parts_in(store: FileCache) -> list[str]:
    return [name for name in os.listdir(store.root) if name.startswith(".part-")]


# -- names


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\fakepath\\ä ö.png", "ä ö.png"),
        ("C:boot.ini", "Cboot.ini"),
        ('a<b>:"|?*\n.txt', "ab.txt"),
        ("a.txt\0.png", "a.txt.png"),
        ("a\x1b[31m\x9b.txt", "a[31m.txt"),
        ("a.txt. . .", "a.txt"),
        ("  a.txt  ", "a.txt"),
        ("a.txt\u3000", "a.txt"),
        ("a.\u2003.\u2003", "a"),
        ("a" * 199 + " b", "a" * 199),
        ("", "file"),
        ("a/", "file"),
        (".", "file"),
        ("..", "file"),
        ("... . ..", "file"),
        ("\u200b\u202e", "file"),
        ("\u3164", "file"),
        ("\ud800", "file"),
        (".env", ".env"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Aux .tar.gz", "_Aux .tar.gz"),
        ("COM1.log", "_COM1.log"),
        ("lpt¹", "_lpt¹"),
        ("con", "_con"),
        ("CON\u200b.txt", "_CON.txt"),
        ("console.txt", "console.txt"),
        ("com10", "com10"),
        ("..\uff0f..\uff0fetc\uff0fpasswd", "....etcpasswd"),
        ("..\u2215..\u2044a", "....a"),
        ("\uff0e\uff0e", "file"),
        ("\u2025", "file"),
        ("report\uff0eexe", "reportexe"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("photo.jpg\u200b.exe", "photo.jpg.exe"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("👨\u200d👩\u200d👧.png", "👨\u200d👩\u200d👧.png"),
        ("a.e\u200dxe", "a.exe"),
        ("为什么？.txt", "为什么？.txt"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:  # CP-10
    assert safe_name(name) == safe


@settings(deadline=None)
@given(TEXT)
@example("a" * 199 + "é.")
@example(("x" * 190 + " ." * 10) + ".png")
def test_any_name_becomes_one_that_any_file_system_takes(text: str) -> None:  # CP-10
    name = safe_name(text)
    assert name and "/" not in name and "\\" not in name and name == os.path.basename(name)
    assert len(name.encode()) <= MAX_NAME
    assert name.strip(". ") and name == name.rstrip(". ") and name == name.strip()
    assert unicodedata.is_normalized("NFC", name)
    for form in (name, unicodedata.normalize("NFKC", name)):
        assert form.strip(" ") not in (".", "..", "...") and "\0" not in form
    hidden = {unicodedata.category(char) for char in name if char not in "\u200c\u200d"}
    assert not hidden & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert name.split(".")[0].rstrip(" ").upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}
    assert safe_name(name) == name


@settings(deadline=None)
@given(TEXT, st.from_regex(r"\.[a-z0-9]{1,8}", fullmatch=True))
def test_the_suffix_stays(stem: str, suffix: str) -> None:  # CP-10
    assert safe_name("x" + stem.replace("/", "").replace("\\", "") + "y" + suffix).endswith(suffix)


@settings(deadline=None)
@given(TEXT)
@example("a/" * 200 + "b")
@example("a/\u200b../b")
def test_a_relative_name_stays_below_its_place(text: str) -> None:  # CP-11
    name = safe_relative(text)
    parts = name.split("/")
    assert 1 <= len(parts) <= MAX_DEPTH and all(part == safe_name(part) for part in parts)
    assert os.path.normpath(os.path.join("/place", name)).startswith("/place/")
    assert safe_relative(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("folder/a.txt", "folder/a.txt"),
        ("./folder//sub\\a.txt", "folder/sub/a.txt"),
        ("../x", "x"),
        ("folder/../../x", "x"),
        ("folder/\u202e../x", "x"),
        ("folder/\uff0e\uff0e/x", "x"),
        ("/etc/passwd", "passwd"),
        ("C:\\Users\\x", "x"),
        ("nul/a:b", "_nul/ab"),
        ("", "file"),
        ("./", "file"),
    ],
)
def test_names_of_a_directory_survive(name: str, safe: str) -> None:  # CP-11
    assert safe_relative(name) == safe


def test_long_names_are_cut_between_characters_and_before_their_suffix() -> None:  # CP-10
    assert safe_name("ä" * 300 + ".png") == "ä" * 98 + ".png"
    assert safe_name("😀" * 300) == "😀" * (MAX_NAME // 4)
    assert safe_name("a" * 300 + ".tar.gz") == "a" * (MAX_NAME - 7) + ".tar.gz"
    assert safe_name("a" * 300 + "." + "b" * MAX_SUFFIX) == "a" * MAX_NAME


def test_the_longest_name_can_be_stored(store: FileCache) -> None:  # CP-10
    assert Path(store.save_bytes(b"x", "漢" * 300 + ".txt")).read_bytes() == b"x"


@pytest.mark.parametrize(
    "name", ["../../evil", "..\\evil", "/etc/evil", "a\0b", "..", "\uff0e\uff0e\uff0fevil"]
)
def test_no_name_leads_out_of_the_cache(store: FileCache, name: str) -> None:  # CP-10
    handle, part = store.new_part()
    handle.close()
    for path in (store.save_bytes(b"abc", name), store.adopt(part, "0" * 64, name)):
        assert Path(path).resolve().parent.parent == Path(store.root)
        assert store.holds(path)


# -- contents


def test_files_of_one_name_stay_apart(store: FileCache) -> None:  # CP-10
    one, two = store.save_bytes(b"1", "a.txt"), store.save_bytes(b"2", "a.txt")
    assert one != two and (Path(one).read_bytes(), Path(two).read_bytes()) == (b"1", b"2")
    assert os.path.basename(one) == os.path.basename(two) == "a.txt"


def test_one_content_under_two_names_is_two_files(store: FileCache, tmp_path: Path) -> None:  # CP-10
    source = tmp_path / "source.txt"
    source.write_bytes(b"abc")
    paths = [store.save_bytes(b"abc", "a.txt"), store.save_bytes(b"abc", "b.txt"), store.save_file(source)]
    with open(paths[0], "r+b") as file:  # as a handler does that works in place
        file.write(b"xyz")
    assert [Path(path).read_bytes() for path in paths] == [b"xyz", b"abc", b"abc"]
    assert source.read_bytes() == b"abc"


def test_what_was_changed_in_place_gets_the_path_of_its_content(store: FileCache) -> None:  # CP-10
    now = time.time_ns()
    path = store.save_bytes(b"abc", "a.txt")
    assert os.stat(path).st_mtime_ns < now  # a change in the same tick of the clock would not be seen else
    Path(path).write_bytes(b"xyz")  # as long as before
    changed = store.save_file(path)
    assert changed == store.save_bytes(b"xyz", "a.txt") != path
    assert store.save_bytes(b"abc", "a.txt") == path and Path(path).read_bytes() == b"abc"


def test_what_a_handler_writes_beside_an_upload_is_stored_as_well(store: FileCache) -> None:  # CP-10 CP-12
    beside = Path(store.save_bytes(b"abc", "a.txt")).with_name("result.txt")
    beside.write_bytes(b"1")
    assert not store.holds(beside)  # the page was not given it
    path = store.save_file(beside)
    assert path == store.save_bytes(b"1", "result.txt") and store.holds(path)


@pytest.mark.parametrize(
    ("changes", "copied"),
    [
        ([b"xyz"], b"xyz"),  # rewritten once: copied again
        ([b"abcd"], b"abc"),  # appended to: what it held
        ([b"1", b"2", b"3"], None),
    ],
)
def test_a_file_that_changes_while_it_is_copied(
    store: FileCache,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changes: list[bytes],
    copied: bytes | None,
) -> None:  # CP-10
    source = tmp_path / "log.txt"
    source.write_bytes(b"abc")
    real = cache._digest
    times = iter(range(1, 100))

    def digest(file: IO[bytes], size: int | None, copy: IO[bytes] | None = None) -> str:
        found = real(file, size, copy)
        if copy is not None and changes:
            source.write_bytes(changes.pop(0))
            os.utime(source, ns=(0, next(times)))
        return found

    monkeypatch.setattr(cache, "_digest", digest)
    if copied is None:
        with pytest.raises(OSError, match=r"log\.txt' changed each of the 3 times"):
            store.save_file(source)
    else:
        assert Path(store.save_file(source)).read_bytes() == copied
    assert parts_in(store) == []


def test_files_are_copied_with_little_memory(store: FileCache, tmp_path: Path) -> None:  # CP-10
    import tracemalloc

    source = tmp_path / "big"
    with open(source, "wb") as file:
        file.truncate(64 * 1024**2)
    tracemalloc.start()
    try:
        path = store.save_file(source)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert os.path.getsize(path) == 64 * 1024**2 and peak < 8 * 1024**2


def test_many_threads_store_the_same_file(store: FileCache, tmp_path: Path) -> None:  # CP-10
    source = tmp_path / "a.txt"
    source.write_bytes(b"abc" * 100_000)
    ready, paths = threading.Barrier(8), list[str]()

    def save() -> None:
        ready.wait(5)
        paths.append(store.save_file(source))

    threads = [threading.Thread(target=save) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(paths) == 8 and len(set(paths)) == 1 and parts_in(store) == []


# -- paths


@pytest.mark.parametrize("path", ["", "a\0b", "\ud800", "x" * 5000, "a/" * 3000, b"nothing"])
def test_what_is_no_path_does_not_exist(store: FileCache, path: Any) -> None:  # CP-10 CP-12
    with pytest.raises(FileNotFoundError, match="expected the path of a file"):
        store.save_file(path)
    assert not store.holds(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_pipes_and_devices_are_no_files(store: FileCache, tmp_path: Path) -> None:  # CP-10
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(FileNotFoundError, match="no regular file"):
            store.save_file(path)


def test_names_that_are_no_text_can_be_read(store: FileCache, tmp_path: Path) -> None:  # CP-10
    source = os.path.join(os.fsencode(tmp_path), b"a\xff.txt")
    try:
        Path(os.fsdecode(source)).write_bytes(b"abc")
    except OSError:
        pytest.skip("the file system takes text only")
    for given_as in (source, os.fsdecode(source)):
        assert os.path.basename(store.save_file(given_as)) == "a.txt"  # pyright: ignore[reportArgumentType]


def test_links_are_followed_and_name_the_file(store: FileCache, tmp_path: Path) -> None:  # AP-35
    (tmp_path / "blob").write_bytes(b"abc")
    link = tmp_path / "model.bin"
    link.symlink_to("blob")  # as download caches keep their files
    path = store.save_file(link)
    assert os.path.basename(path) == "model.bin" and not os.path.islink(path)


@pytest.mark.parametrize("ways", ["target", "link"])
def test_links_to_and_from_blocked_places_are_refused(store: FileCache, tmp_path: Path, ways: str) -> None:
    for name in ("open", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("x")
    link = tmp_path / ("open" if ways == "target" else "secret") / "link.txt"
    link.symlink_to(tmp_path / ("secret" if ways == "target" else "open") / "a.txt")
    store.permit([tmp_path], [tmp_path / "secret"])
    with pytest.raises(InvalidPathError, match="blocked_paths"):  # AP-35: blocked wins
        store.save_file(link)
    assert store.holds(link) is (ways == "link")  # where it leads is what counts for the page
    assert not store.holds(tmp_path / "secret" / "a.txt")
    assert store.holds(tmp_path / "open" / "a.txt")


@pytest.mark.parametrize(("link", "target"), [("a.txt", ".env"), (".a", "a.txt")])
def test_hidden_links_and_links_to_hidden_files_are_refused(
    store: FileCache, tmp_path: Path, link: str, target: str
) -> None:  # AP-35
    (tmp_path / target).write_text("x")
    (tmp_path / link).symlink_to(target)
    with pytest.raises(InvalidPathError, match="is hidden"):
        store.save_file(tmp_path / link)


def test_links_between_links_end(store: FileCache, tmp_path: Path) -> None:  # CP-10
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(FileNotFoundError, match="does not exist"):
        store.save_file(tmp_path / "a")
    assert not store.holds(tmp_path / "a")


def test_a_stored_file_that_became_a_link_is_not_held(store: FileCache, tmp_path: Path) -> None:  # CP-12
    (tmp_path / "secret").write_text("x")
    path = Path(store.save_bytes(b"abc", "a"))
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    assert not store.holds(path)
    again = store.save_bytes(b"abc", "a")  # the link goes, not what it leads to
    assert again == str(path) and not path.is_symlink() and (tmp_path / "secret").read_text() == "x"


def test_blocked_places_are_blocked_in_any_spelling(store: FileCache, tmp_path: Path) -> None:  # AP-35
    secret = tmp_path / "Secret"
    secret.mkdir()
    (secret / "a.txt").write_text("x")
    (tmp_path / "Secrets.txt").write_text("x")
    store.permit([tmp_path], [str(secret).upper()])
    for path in (secret / "a.txt", f"{tmp_path}/./x/../Secret//a.txt"):
        with pytest.raises((InvalidPathError, FileNotFoundError)):
            store.save_file(path)
        assert not store.holds(path)
    store.save_file(tmp_path / "Secrets.txt")  # another name that begins alike


def test_the_place_of_the_cache_may_lie_in_a_blocked_one(store: FileCache, tmp_path: Path) -> None:  # AP-35
    store.permit([], [tmp_path])
    path = store.save_bytes(b"abc", "a")
    assert store.holds(path) and store.save_file(path) == path


def test_parts_are_not_given_out(store: FileCache) -> None:  # CP-12
    handle, part = store.new_part()
    with handle:
        handle.write(b"abc")
    assert not store.holds(part)


# -- disks

LIMITED = """
import resource, sys
from nbblocks.bridge import files
from nbblocks.bridge.cache import FileCache, active
store = FileCache(sys.argv[1])
active.set(store)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
for save in (lambda: store.save_file(sys.argv[2]), lambda: store.save_bytes(b"x" * 3_000_000, "big.bin"),
             lambda: files.store(sys.argv[2])):
    try:
        save()
    except OSError as error:
        print(error.errno, error)
"""


@pytest.mark.skipif(os.name != "posix", reason="file sizes cannot be limited")
def test_what_cannot_be_written_is_an_error_and_leaves_nothing(store: FileCache, tmp_path: Path) -> None:
    big = tmp_path / "big.bin"
    big.write_bytes(bytes(3_000_000))
    command = [sys.executable, "-c", LIMITED, store.root, str(big)]
    done = subprocess.run(command, capture_output=True, text=True)
    said = [f"{errno.EFBIG} [Errno {errno.EFBIG}] File too large while it was stored: 'big.bin'"] * 3
    assert (done.stdout.splitlines(), done.stderr) == (said, "")  # CP-10
    assert os.listdir(store.root) == []


@pytest.fixture
def full_disk(tmp_path: Path) -> Any:
    """A file system of 1 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount")
    if done.returncode:
        pytest.skip("file systems cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_an_error_that_names_the_file(full_disk: Path, tmp_path: Path) -> None:  # CP-10
    big = tmp_path / "big.bin"
    big.write_bytes(bytes(3_000_000))
    store = FileCache(full_disk / "cache")
    saves: list[Callable[[], str]] = [
        lambda: store.save_file(big),
        lambda: store.save_bytes(b"x" * 3_000_000, "big.bin"),
    ]
    for save in saves:
        with pytest.raises(
            OSError, match=r"No space left on device while it was stored: 'big\.bin'"
        ) as caught:
            save()
        assert caught.value.errno == errno.ENOSPC and os.listdir(store.root) == []
    assert Path(store.save_bytes(b"x" * 500_000, "small.bin")).stat().st_size == 500_000


# -- other processes

HOLDER = """
import sys
from nbblocks.bridge import cache
print(cache.shared().save_bytes(b'x', 'a'), flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(os.name != "posix", reason="leftovers are swept on posix")
def test_a_killed_processs_files_go_at_the_next_start(tmp_path: Path) -> None:  # AP-18
    environment = {**os.environ, "NBBLOCKS_TEMP_DIR": str(tmp_path)}
    command = [sys.executable, "-c", HOLDER]

    def start() -> tuple[Any, Path]:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        return process, Path(process.stdout.readline().strip())

    killed, lost = start()
    assert lost.is_file() and lost.is_relative_to(tmp_path)
    killed.kill()
    killed.communicate()
    assert lost.is_file()
    second, held = start()
    third, other = start()
    assert not lost.exists() and held.is_file() and other.is_file()  # a living one keeps its own
    for process in (second, third):
        process.communicate()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="leftovers are swept on posix")
def test_a_lock_tells_who_lives_where_numbers_of_processes_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # AP-18
    from nbblocks.bridge import homes

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    reused, foreign, fresh = (
        tmp_path / f"nbblocks-{pid}-abc" for pid in (os.getpid(), 2**22 + 7, os.getppid())
    )
    for home in (reused, foreign, fresh):
        (home / "app-x").mkdir(parents=True)
    os.utime(reused, (0, 0))  # its process is gone, and its number is now ours
    held = homes._locked(str(foreign))  # its process lives where we do not see it
    assert held is not None
    homes.sweep()
    assert (reused.exists(), foreign.exists(), fresh.exists()) == (False, True, True)
    os.close(held)
    homes.sweep()
    assert not foreign.exists()

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import anyio
import pytest

from nbblocks.bridge import cache, homes
from nbblocks.bridge.cache import FileCache
from nbblocks.core.errors import InvalidPathError


@pytest.fixture
def store(tmp_path: Path) -> FileCache:
    return FileCache(tmp_path / "cache")


def test_equal_files_are_stored_once_and_keep_their_name(store: FileCache, tmp_path: Path) -> None:
    file = tmp_path / "a b.txt"
    file.write_bytes(b"abc")
    path = store.save_file(file)
    assert path == store.save_bytes(b"abc", "a b.txt") == store.save_file(path)  # CP-10
    assert Path(path).name == "a b.txt" and Path(path).read_bytes() == b"abc"
    assert path != store.save_bytes(b"abcd", "a b.txt")


def test_later_changes_of_a_file_do_not_reach_its_copy(store: FileCache, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text("old")
    path = store.save_file(file)
    file.write_text("new")
    assert Path(path).read_text() == "old"


def test_a_copy_that_a_handler_has_changed_is_made_again(store: FileCache, tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("old")
    path = store.save_file(file)
    Path(path).write_text("changed")
    assert Path(store.save_file(file)).read_text() == "old"
    Path(path).write_text("changed")
    assert Path(store.save_bytes(b"old", "a")).read_text() == "old"


def test_a_missing_file_or_a_directory_is_an_error(store: FileCache, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="does not exist"):  # CP-10
        store.save_file(tmp_path / "a")
    with pytest.raises(FileNotFoundError, match="is a directory"):
        store.save_file(tmp_path)


def test_hidden_and_blocked_files_are_refused(store: FileCache, tmp_path: Path) -> None:
    hidden = tmp_path / ".env"
    hidden.write_text("x")
    with pytest.raises(InvalidPathError, match="allowed_paths"):  # AP-35
        store.save_file(hidden)
    store.permit([tmp_path], [])
    store.save_file(hidden)
    store.permit([tmp_path], [tmp_path])
    with pytest.raises(InvalidPathError):  # AP-35: blocked wins
        store.save_file(hidden)


def test_it_holds_what_lies_in_it_and_what_is_allowed(store: FileCache, tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("x")
    held = store.save_file(file)
    assert store.holds(held)  # CP-12
    assert not store.holds(file)
    assert not store.holds(Path(held).parent)
    assert not store.holds(held + "/../../../a")
    assert not store.holds("a\0b")
    store.permit([tmp_path / "a"], [])
    assert store.holds(file)


def test_links_out_of_it_are_not_followed(store: FileCache, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    link = Path(store.save_bytes(b"x", "a")).with_name("link")
    link.symlink_to(secret)
    assert not store.holds(link)  # CP-12


def test_closing_deletes_everything(store: FileCache) -> None:
    path = store.save_bytes(b"x", "a")
    store.close()
    assert not os.path.exists(path) and not os.path.exists(store.root)


def test_leftovers_of_dead_processes_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    names = {
        name: tmp_path / name
        for name in (f"nbblocks-{dead.pid}-abc", f"nbblocks-{os.getpid()}-abc", "nbblocks-x")
    }
    for path in names.values():
        (path / "sub").mkdir(parents=True)
    homes.sweep()
    assert [path.exists() for path in names.values()] == [False, True, True]


def test_the_cache_of_a_process_goes_at_its_exit() -> None:
    code = "from nbblocks.bridge import cache; print(cache.shared().save_bytes(b'x', 'a'), end='')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert not done.stderr and done.stdout and not os.path.exists(done.stdout)


async def test_a_cache_that_is_collected_on_a_loop_is_deleted_beside_it() -> None:
    made = await anyio.to_thread.run_sync(cache.create)
    root = Path(made.root)
    del made  # here and now: blocking calls on a loop fail in tests
    assert root.exists()  # noqa: ASYNC240
    with anyio.fail_after(20):
        while root.exists():  # noqa: ASYNC240
            await anyio.sleep(0.01)


def test_a_cache_that_is_collected_at_a_loops_end_goes_at_the_latest_at_exit() -> None:
    code = """
import asyncio
from nbblocks.bridge import cache

made = [cache.create()]
print(made[0].root, end="")
loop = asyncio.new_event_loop()
loop.call_soon(lambda: (made.clear(), loop.stop()))
loop.run_forever()
loop.close()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert not done.stderr and done.stdout and not os.path.exists(done.stdout)


def test_the_running_apps_cache_is_the_current_one(store: FileCache) -> None:
    assert cache.current() is cache.shared()
    token = cache.active.set(store)
    assert cache.current() is store
    cache.active.reset(token)

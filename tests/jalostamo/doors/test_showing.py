"""The reading desk shows the pages of one folder to this machine's browser, and nothing else to nobody."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from jalostamo.doors.showing import desk

SECRET = "Kanarianlintu"
PAGE = "<!doctype html><title>Sivu</title>"

PATHS_OUT = [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/.%2e/secret.txt",
    "/%252e%252e/secret.txt",
    "/inside/../../secret.txt",
    "/inside/%2e%2e/%2e%2e/secret.txt",
    "/..\\secret.txt",
    "/..%5csecret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/..;/secret.txt",
    "/secret.txt",
    "secret.txt",
    "../secret.txt",
    "http://127.0.0.1/../secret.txt",
    "file:///secret.txt",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of pages, with a secret beside it."""
    pages = tmp_path / "pages"
    (pages / "inside").mkdir(parents=True)
    (pages / "index.html").write_text(PAGE, encoding="utf-8")
    (pages / "inside" / "notes.txt").write_text("inside", encoding="utf-8")
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    return pages


@pytest.fixture
def server(folder: Path) -> Iterator[ThreadingHTTPServer]:
    with desk(folder, port=0) as opened:
        thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


def asked(
    server: ThreadingHTTPServer, path: str, *, method: str = "GET", host: str | None = None
) -> tuple[http.client.HTTPResponse, str]:
    """What the desk answers to a path that is sent as it is written here."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    connection.putrequest(method, path, skip_host=host is not None)
    if host:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read().decode("utf-8")
    connection.close()
    return answer, body


def test_the_page_is_shown(server: ThreadingHTTPServer) -> None:
    for path in ("/", "/index.html", "/inside/../index.html", "/index.html?language=fi#top"):
        answer, body = asked(server, path)
        assert (answer.status, body) == (200, PAGE)


@pytest.mark.parametrize("path", PATHS_OUT)
def test_nothing_outside_the_folder_can_be_reached(path: str, server: ThreadingHTTPServer) -> None:
    answer, body = asked(server, path)
    assert answer.status == 404
    assert SECRET not in body


@pytest.mark.parametrize("path", ["/inside", "/inside/", "/inside//", "/inside/%2e/"])
def test_no_folder_is_listed(path: str, server: ThreadingHTTPServer) -> None:
    answer, body = asked(server, path)
    assert answer.status in {301, 404}
    assert "notes" not in body


def test_a_name_that_no_file_can_have_is_not_found(
    server: ThreadingHTTPServer, capfd: pytest.CaptureFixture[str]
) -> None:
    assert asked(server, "/index.html%00.txt")[0].status == 404
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/", "GET", 200), ("/", "HEAD", 200), ("/none", "GET", 404), ("/", "POST", 501), ("/", "DELETE", 501)],
)
def test_every_answer_forbids_whatever_a_page_could_load(
    path: str, method: str, status: int, server: ThreadingHTTPServer
) -> None:
    answer, _ = asked(server, path, method=method)
    assert answer.status == status
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {name for name in policy if name.endswith("-src")} == {"default-src", "style-src", "font-src", "img-src"}
    assert (policy["style-src"], policy["font-src"], policy["img-src"]) == ("'unsafe-inline'", "data:", "data:")
    assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Python" not in answer.headers["Server"]


@pytest.mark.parametrize("host", ["town.example", "127.0.0.1.town.example", "localhost.town.example:80", "10.0.0.1"])
def test_who_asks_by_another_name_is_not_answered(host: str, server: ThreadingHTTPServer) -> None:
    answer, body = asked(server, "/", host=host)
    assert (answer.status, PAGE in body) == (421, False)


@pytest.mark.parametrize("host", ["localhost", "localhost:8321", "127.0.0.1:9"])
def test_this_machines_own_names_are_answered_on_any_port(host: str, server: ThreadingHTTPServer) -> None:
    assert asked(server, "/", host=host)[0].status == 200


def test_the_desk_stands_on_loopback_alone(server: ThreadingHTTPServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"


def test_no_reader_is_logged(server: ThreadingHTTPServer, capfd: pytest.CaptureFixture[str]) -> None:
    asked(server, "/")
    asked(server, f"/{SECRET}")
    assert capfd.readouterr() == ("", "")

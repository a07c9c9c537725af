"""Uploads, the order that words tell, and times of changes, at a server that shares no code with the stubs."""

import base64
from pathlib import Path

import pytest

from counterfoil.checks import Settings, run
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.target import Target
from tests.contract.kit import SERVERS, generated_of
from tests.contract.loopback import serving
from tests.contract.servers.files import Files, Record


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated_of("files", (SERVERS / "files.yaml").read_text("utf-8"), tmp_path_factory.mktemp("files"))


def probe(generated: Path, server: Files) -> Report:
    with serving(server) as url:
        return run("files", generated, Target(url), settings=Settings(stages=("probes",)))


class NamesOfItsOwn(Files):
    def name(self, sent: str) -> str:
        return f"{len(self.files)}-{sent}"


class WholeSeconds(Files):
    def now(self) -> str:
        return super().now()[:19] + "Z"


class DigestInOtherDigits(Files):
    def digest(self, content: bytes) -> str:
        return base64.urlsafe_b64encode(bytes.fromhex(super().digest(content))).decode().rstrip("=")


@pytest.mark.parametrize("server", [NamesOfItsOwn, WholeSeconds, DigestInOtherDigits])
def test_honest_server_is_green(generated: Path, server: type[Files]) -> None:
    assert probe(generated, server()).findings == []


class LineEndsAreOne(Files):
    def kept(self, content: bytes) -> bytes:
        return content.replace(b"\r\n", b"\n")


class DigestOfText(Files):
    def digest(self, content: bytes) -> str:
        return super().digest(content.decode("latin-1").encode())


class OneName(Files):
    def name(self, sent: str) -> str:
        return "upload.bin"


class OldestFirst(Files):
    def listed(self) -> list[Record]:
        return super().listed()[::-1]


class ChangesHaveNoTime(WholeSeconds):
    def changed(self, file: Record) -> str:
        return str(file["updated_at"])


@pytest.mark.parametrize(
    ("server", "summary"),
    [
        (LineEndsAreOne, "what was uploaded comes back as other bytes"),
        (DigestOfText, "/sha256 is not that of what was uploaded"),
        (OneName, "/filename is not that of what was uploaded"),
        (OldestFirst, "the list is not in the order that is told, by created_at"),
        (ChangesHaveNoTime, "a change leaves /updated_at as it was"),
    ],
)
def test_mistake_is_found(generated: Path, server: type[Files], summary: str) -> None:
    assert [finding.summary for finding in probe(generated, server()).findings] == [summary]

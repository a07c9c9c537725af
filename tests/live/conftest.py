"""A small shop to test over HTTP."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from counterfoil.cli import main
from tests.live.shop import Shop


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `specs/shop` and `generated/shop`."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "specs" / "shop").mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("shop.yaml"), folder / "specs" / "shop" / "shop.yaml")
    made = CliRunner().invoke(main, ["generate", "--specs", str(folder / "specs"), "--out", str(folder / "generated")])
    assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def shop(shop_folder: Path) -> Shop:
    """A new shop, whose stub has nothing in it."""
    return Shop(shop_folder)


@pytest.fixture
def own(tmp_path: Path, shop_folder: Path) -> Shop:
    """A shop whose contract the test may change."""
    shutil.copytree(shop_folder, tmp_path / "own")
    return Shop(tmp_path / "own")

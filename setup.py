"""Build step: put the contract, which lives at the top of the checkout, into the package."""

import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py


class BuildWithContract(build_py):
    """Copies `openapi.yaml` into the built package; an editable install needs no copy."""

    def run(self) -> None:
        """Build, then copy."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "mock_server" / "openapi.yaml"
            shutil.copyfile(Path(__file__).with_name("openapi.yaml"), target)


# The handlers stand at the top of the checkout, and inside the package where it is installed.
PACKAGES = [*find_packages(include=["mock_server", "mock_server.*"]), "mock_server.handlers"]

setup(cmdclass={"build_py": BuildWithContract}, packages=PACKAGES)

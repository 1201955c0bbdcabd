"""Build step: put the contract, which lives at the top of the checkout, into the package."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithContract(build_py):
    """Copies `openapi.yaml` into the built package; an editable install needs no copy."""

    def run(self) -> None:
        """Build, then copy."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "mock_server" / "openapi.yaml"
            shutil.copyfile(Path(__file__).with_name("openapi.yaml"), target)


setup(cmdclass={"build_py": BuildWithContract})

"""Where the database and the broker are: the environment, then what `penstock up` wrote down."""

import json
from pathlib import Path
from typing import Self

from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from penstock.errors import PenstockError

STATE_DIR = ".penstock"
# What marks the root of a project, from any folder below it.
ROOT_MARKS = ("dbt_project.yml", STATE_DIR)


class Services(BaseModel):
    """What `penstock up` started or attached to, as written to .penstock/run/services.json."""

    database_url: str
    connector_url: str | None = None
    kafka_bootstrap: str | None = None
    postgres_pid: int | None = None
    kafka_pid: int | None = None

    @classmethod
    def read(cls, state_dir: Path) -> Self | None:
        """Read the project's file; None when there is none or it cannot be read."""
        try:
            return cls.model_validate(json.loads(cls.file(state_dir).read_text()))
        except (OSError, ValueError):
            return None

    def write(self, state_dir: Path) -> None:
        """Write the project's file, readable by its owner only, for a URL may hold a password."""
        file = self.file(state_dir)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        partial.write_text(self.model_dump_json(indent=2) + "\n")
        partial.replace(file)

    @staticmethod
    def file(state_dir: Path) -> Path:
        """Return the file's place."""
        return state_dir / "run" / "services.json"


class Settings(BaseSettings):
    """Penstock's settings; each is also an environment variable, PENSTOCK_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="PENSTOCK_", env_ignore_empty=True, extra="ignore")

    database_url: SecretStr | None = None
    connector_url: SecretStr | None = None
    kafka_bootstrap: str | None = None
    postgres_version: int | None = None
    project_dir: Path | None = None

    @property
    def root(self) -> Path:
        """The project's root: PENSTOCK_PROJECT_DIR, else the nearest folder that looks like one."""
        if self.project_dir is not None:
            return self.project_dir.absolute()
        here = Path.cwd()
        for place in (here, *here.parents):
            if any((place / mark).exists() for mark in ROOT_MARKS):
                return place
        return here

    @property
    def state_dir(self) -> Path:
        """The project's folder for data, logs and process files; ignored by git."""
        return self.root / STATE_DIR

    @property
    def services(self) -> Services | None:
        """What `penstock up` wrote down, if it did."""
        return Services.read(self.state_dir)

    def require_database_url(self) -> str:
        """Return the owner's database URL, or say how to get one."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        services = self.services
        if services is None:
            raise PenstockError(
                "no database: PENSTOCK_DATABASE_URL is not set and no services are running",
                detail=f"looked for {Services.file(self.state_dir)}",
                hint="run `penstock up`, or set PENSTOCK_DATABASE_URL",
            )
        return services.database_url

    def require_connector_url(self) -> str:
        """Return the URL the connector writes with: a role that may land rows and little else."""
        if self.connector_url is not None:
            return self.connector_url.get_secret_value()
        services = self.services
        if self.database_url is None and services is not None and services.connector_url:
            return services.connector_url
        return self.require_database_url()

    def require_kafka_bootstrap(self) -> str:
        """Return the broker's address, or say how to get one."""
        if self.kafka_bootstrap is not None:
            return self.kafka_bootstrap
        services = self.services
        if services is None or services.kafka_bootstrap is None:
            raise PenstockError(
                "no broker: PENSTOCK_KAFKA_BOOTSTRAP is not set and no broker is running",
                detail=f"looked for {Services.file(self.state_dir)}",
                hint="run `penstock up`, or set PENSTOCK_KAFKA_BOOTSTRAP",
            )
        return services.kafka_bootstrap

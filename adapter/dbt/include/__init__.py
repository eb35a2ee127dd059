"""A portion of dbt's own package, so that an editable install is found; wheels leave it out."""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)

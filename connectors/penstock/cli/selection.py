"""Which maintained views a command means: the models a user names, or all."""

import psycopg

from penstock.errors import PenstockError


def selected_views(
    connection: psycopg.Connection, models: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Return (schema, view) for each model named, `profiles` or `public.profiles`; all for none."""
    rows = connection.execute("select schema_name, view_name from penstock.views order by 1, 2")
    known: list[tuple[str, str]] = rows.fetchall()
    if not models:
        return known
    chosen = []
    for model in models:
        schema, _, name = model.rpartition(".")
        found = [view for view in known if view[1] == name and schema in ("", view[0])]
        if not found:
            raise PenstockError(
                f"no maintained view is named {model}",
                detail="there are: " + (", ".join(".".join(view) for view in known) or "none"),
                hint="`dbt run` makes the views of the project's models",
            )
        if len(found) > 1:
            names = " and ".join(".".join(view) for view in found)
            raise PenstockError(f"{model} could be {names}", hint="name its schema too")
        chosen += found
    return chosen

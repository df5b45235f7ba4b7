"""Pages from templates: the only place that sets up jinja2."""

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment_of(package: str, **filters: Callable[..., object]) -> Environment:
    """The templates in a package's folder ``templates``.

    Every value in them is escaped, and one that is not there is an error.
    """
    templates = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= filters
    return templates
